import { posix } from 'node:path';
import * as vscode from 'vscode';
import { listOutside } from '../../letter/listErrors.ts';
import { editorSetting } from '../settings.ts';
import { folderOf, isReallyUnder, isUnder } from './documentFiles.ts';

const ALLOWED = 'envoi.allowedLists';

/** The lists a document names, or the one the setting names for this folder; none when neither does. */
export function listUrisOf(document: vscode.Uri, written: readonly string[] = []): readonly vscode.Uri[] {
  const named = written.filter((path) => path.trim() !== '');
  const set = editorSetting<string>('recipients', document)?.trim();
  const uris = (named.length > 0 || !set ? named : [set]).map((path) => listUri(document, path));
  return [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
}

export function listUri(document: vscode.Uri, path: string): vscode.Uri {
  return resolveList(folderOf(document), path.trim());
}

/** How the front matter of `document` should name `list`: relative where it can be. */
export function writtenPath(document: vscode.Uri, list: vscode.Uri): string {
  const folder = folderOf(document);
  if (folder.scheme !== list.scheme || folder.authority !== list.authority) return list.toString();
  const relative = posix.relative(folder.path, list.path);
  return relative.split('/').filter((part) => part === '..').length > 3 ? list.path : relative;
}

/**
 * A list outside the workspace is read only when the person chose it: a document from elsewhere must not be able to
 * mail files of this computer. A symbolic link that leads out is outside.
 */
export async function checkAllowed(
  document: vscode.Uri,
  list: vscode.Uri,
  context: vscode.ExtensionContext,
): Promise<void> {
  const own = rootOf(document);
  const root = isUnder(list, own) ? own : vscode.workspace.getWorkspaceFolder(list)?.uri;
  if (root && (await isReallyUnder(list, root))) return;
  if (context.globalState.get<string[]>(ALLOWED, []).includes(list.toString())) return;
  throw listOutside();
}

/** The lists that a document names under `except`, each allowed as its own list is. */
export function exceptUris(
  document: vscode.Uri,
  written: readonly string[] | undefined,
  context: vscode.ExtensionContext,
): Promise<vscode.Uri[]> {
  return Promise.all(
    (written ?? []).map(async (path) => {
      const list = resolveList(folderOf(document), path.trim());
      await checkAllowed(document, list, context);
      return list;
    }),
  );
}

export async function allowList(list: vscode.Uri, context: vscode.ExtensionContext): Promise<void> {
  const allowed = context.globalState.get<string[]>(ALLOWED, []);
  await context.globalState.update(ALLOWED, [...new Set([...allowed, list.toString()])].slice(-200));
}

function rootOf(document: vscode.Uri): vscode.Uri {
  const folder = folderOf(document);
  return vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder;
}

function resolveList(folder: vscode.Uri, written: string): vscode.Uri {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(written)) return vscode.Uri.parse(written);
  const path = written.replaceAll('\\', '/');
  if (path.startsWith('/')) return folder.with({ path });
  if (/^[a-z]:\//i.test(path)) return vscode.Uri.file(path);
  return vscode.Uri.joinPath(folder, path);
}
