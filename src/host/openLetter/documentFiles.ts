import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import * as vscode from 'vscode';
import type { Files } from '../../compose/files.ts';
import { msg, UserError } from '../../shared/errors.ts';
import { notAFile } from '../../shared/plainFile.ts';

/** Larger files are refused: no mail system accepts them, and they would only fill memory. */
const MAX_FILE = 50 * 1024 * 1024;

/**
 * The files a document may use, through the editor's own file system, so that remote and virtual workspaces work.
 * Confined to the workspace folder that holds the document, or to the document's folder when there is none; a symbolic
 * link that leads out is refused.
 */
export function documentFiles(document: vscode.Uri): Files {
  const folder = folderOf(document);
  const root = vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  return {
    async read(path) {
      const uri = vscode.Uri.joinPath(folder, path);
      if (!isUnder(uri, root) || !(await isReallyUnder(uri, root))) throw outside(path);
      return readWhole(uri, path);
    },
  };
}

/** Where a document's relative paths start: its folder, or the first of the workspace while it has no place of its own. */
export function folderOf(document: vscode.Uri): vscode.Uri {
  const first = vscode.workspace.workspaceFolders?.[0]?.uri;
  return document.scheme === 'untitled' && first ? first : vscode.Uri.joinPath(document, '..');
}

export function isUnder(uri: vscode.Uri, root: vscode.Uri): boolean {
  const base = root.path.endsWith('/') ? root.path : `${root.path}/`;
  return uri.scheme === root.scheme && uri.authority === root.authority && uri.path.startsWith(base);
}

/** With symbolic links followed. What is not there is: reading it says so. */
export async function isReallyUnder(uri: vscode.Uri, root: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return !(await hasLink(uri, root));
  try {
    const [file, base] = await Promise.all([realpath(uri.fsPath), realpath(root.fsPath)]);
    return file.startsWith(base.endsWith(sep) ? base : base + sep);
  } catch {
    return true;
  }
}

/** Elsewhere, as in WSL or over SSH, link targets are unknown: no link is followed on the way from the root. */
async function hasLink(uri: vscode.Uri, root: vscode.Uri): Promise<boolean> {
  for (let at = uri; at.path.length > root.path.length && at.path !== '/'; at = vscode.Uri.joinPath(at, '..')) {
    const found = await Promise.resolve(vscode.workspace.fs.stat(at)).catch(() => null);
    if (found && (found.type & vscode.FileType.SymbolicLink) !== 0) return true;
  }
  return false;
}

/** A pipe or a device could block forever. */
export function isPlainFile({ type }: vscode.FileStat): boolean {
  return (type & vscode.FileType.File) !== 0;
}

async function readWhole(uri: vscode.Uri, path: string): Promise<Uint8Array> {
  try {
    const stat = await vscode.workspace.fs.stat(uri);
    if (!isPlainFile(stat) && (stat.type & vscode.FileType.Directory) === 0) throw notAFile(path);
    if (stat.size > MAX_FILE) {
      throw new UserError(
        'tooLarge',
        msg('The file {0} is larger than {1} MB.', path, 50),
        msg('Make it smaller, or link to it.'),
      );
    }
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      'missing',
      msg('The file {0} does not exist.', path),
      msg('Correct the path, or add the file.'),
    );
  }
}

function outside(path: string): UserError {
  return new UserError(
    'outside',
    msg('The file {0} is outside the workspace.', path),
    msg('Copy it next to the document.'),
  );
}
