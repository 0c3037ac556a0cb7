import * as vscode from 'vscode';
import { type Place, UserError } from '../shared/errors.ts';
import { maskAddresses } from './mask.ts';
import { say } from './text.ts';

/** A person closed an input or pressed Cancel: nothing to report. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

export function notCancelled<T>(value: T | undefined): T {
  if (value === undefined) throw new Cancelled();
  return value;
}

/** Says what failed and what to do, with one button that opens the place to fix. Bugs go to the log with their stack. */
export async function showError(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  if (error instanceof Cancelled) return;
  if (error instanceof UserError) {
    log.warn(`${error.code}: ${maskAddresses(error.message)}`);
    const { place } = error;
    const button = place ? buttonFor(place) : vscode.l10n.t('Show Log');
    const chosen = await vscode.window.showErrorMessage(`${say(error.what)} ${say(error.remedy)}`.trim(), button);
    if (chosen === undefined) return;
    if (place) await openPlace(place);
    else log.show();
    return;
  }
  log.error(error instanceof Error ? error : String(error));
  const showLog = vscode.l10n.t('Show Log');
  const sentence = vscode.l10n.t(
    'Envoi hit an internal error: {0} See the log for details.',
    error instanceof Error ? error.message : String(error),
  );
  if ((await vscode.window.showErrorMessage(sentence, showLog)) === showLog) log.show();
}

function buttonFor(place: Place): string {
  return isSetting(place) ? vscode.l10n.t('Open Settings') : vscode.l10n.t('Go There');
}

function isSetting(place: Place): boolean {
  return place.key?.startsWith('envoi.') === true;
}

/** Opens settings.json at the key, or the file at its line. */
export async function openPlace(place: Place): Promise<void> {
  if (isSetting(place)) {
    await openSettingsAt(place.key ?? 'envoi');
    return;
  }
  const uri = uriOf(place.file);
  const position = new vscode.Position(Math.max(0, (place.line ?? 1) - 1), Math.max(0, (place.column ?? 1) - 1));
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position), preview: true });
}

/** The first part of the path is the setting; VS Code reveals it, or adds it with its default. */
export async function openSettingsAt(key: string): Promise<void> {
  const setting = key
    .split(/[.[\]]/)
    .slice(0, 2)
    .join('.');
  await vscode.commands.executeCommand('workbench.action.openSettingsJson', { revealSetting: { key: setting } });
}

/** Places name files as their reader knew them: a URI as text, or a path of this machine. */
export function uriOf(file: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(file) && !/^[a-z]:[\\/]/i.test(file)
    ? vscode.Uri.parse(file)
    : vscode.Uri.file(file);
}
