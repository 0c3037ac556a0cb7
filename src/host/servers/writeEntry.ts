import { dirname, join } from 'node:path';
import { applyEdits, type FormattingOptions, modify, parse } from 'jsonc-parser';
import * as vscode from 'vscode';
import { parseRate } from '../../shared/duration.ts';
import type { ProbeSettings } from '../../shared/serverProbeWords.ts';
import type { MailboxEntry } from '../mailboxes/mailboxEntry.ts';
import type { ServerEntry } from './serverEntry.ts';

const SEEN_WITHIN_MS = 5_000;

type Setting = 'servers' | 'mailboxes';

/** Adds a server or a mailbox to the person's own settings.json. */
export function writeEntry(
  setting: Setting,
  name: string,
  entry: ServerEntry | MailboxEntry,
  context: vscode.ExtensionContext,
): Promise<void> {
  return write(setting, [name], entry, context);
}

/** Adds a quota to a server of the person's own settings.json; one for the same span gives way to it. */
export async function writeQuota(name: string, quota: string, context: vscode.ExtensionContext): Promise<void> {
  const span = parseRate(quota)?.perMs;
  const { quota: written } = plain(plain(ownValue('servers'))[name]);
  const others = [written ?? []].flat().filter((each) => parseRate(String(each))?.perMs !== span);
  await write('servers', [name, 'quota'], [...others, quota], context);
}

/** Adds limits to a server of the person's own settings.json, each in place of the one that is there. */
export async function writeLimits(
  name: string,
  { quota, ...others }: ProbeSettings,
  context: vscode.ExtensionContext,
): Promise<void> {
  for (const [key, value] of Object.entries(others)) await write('servers', [name, key], value, context);
  if (quota) await writeQuota(name, quota, context);
}

/**
 * Where the file can be found it is edited in place, so that comments inside the setting stay; otherwise the editor's own
 * way writes it.
 */
async function write(
  setting: Setting,
  path: readonly string[],
  value: unknown,
  context: vscode.ExtensionContext,
): Promise<void> {
  const present = ownValue(setting);
  if (present !== undefined && (await editInPlace(setting, path, value, present, context))) return;
  const configuration = vscode.workspace.getConfiguration('envoi');
  await configuration.update(setting, within(plain(present), path, value), vscode.ConfigurationTarget.Global);
}

function ownValue(setting: Setting): unknown {
  return vscode.workspace.getConfiguration('envoi').inspect<Record<string, unknown>>(setting)?.globalValue;
}

/** The object with `value` at the path. */
function within(object: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): object {
  return { ...object, [key]: rest.length === 0 ? value : within(plain(object[key]), rest, value) };
}

async function editInPlace(
  setting: Setting,
  path: readonly string[],
  value: unknown,
  present: unknown,
  context: vscode.ExtensionContext,
): Promise<boolean> {
  const uri = vscode.Uri.file(join(dirname(dirname(context.globalStorageUri.fsPath)), 'settings.json'));
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    const written: unknown = parse(text, [], { allowTrailingComma: true });
    const entries =
      typeof written === 'object' && written !== null && (written as Record<string, unknown>)[`envoi.${setting}`];
    // Another profile's or another machine's file: not the one that holds.
    if (JSON.stringify(entries) !== JSON.stringify(present)) return false;
    const edits = modify(text, [`envoi.${setting}`, ...path], value, {
      formattingOptions: indentationOf(text),
    });
    const change = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
    change.replace(uri, whole, applyEdits(text, edits));
    const wanted = JSON.stringify(within(plain(present), path, value));
    const seen = changeOf(() => JSON.stringify(ownValue(setting)) === wanted);
    return (await vscode.workspace.applyEdit(change)) && (await document.save()) && (await seen);
  } catch {
    return false;
  }
}

/** Whether the editor has taken up what was saved; it may look at the file a moment later. */
function changeOf(isSeen: () => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (seen: boolean) => {
      clearTimeout(timer);
      listening.dispose();
      resolve(seen);
    };
    const timer = setTimeout(() => end(isSeen()), SEEN_WITHIN_MS);
    const listening = vscode.workspace.onDidChangeConfiguration(() => {
      if (isSeen()) end(true);
    });
  });
}

/** As the file is indented already; the first indented line tells. */
function indentationOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '    ';
  return { insertSpaces: indent[0] === ' ', tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

function plain(value: unknown): Record<string, unknown> {
  return value === undefined ? {} : JSON.parse(JSON.stringify(value));
}
