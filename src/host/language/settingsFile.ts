import { dirname } from 'node:path';
import type * as vscode from 'vscode';
import { providerIds } from '../../providers/lookup.ts';
import { type Finding, UserError } from '../../shared/errors.ts';
import { readSettingsFile } from '../../shared/settingsReader.ts';

/** A settings.json of the editor, of a person or a workspace, that sets anything of Envoi's. */
export function isSettingsFile(document: vscode.TextDocument): boolean {
  return (
    (document.languageId === 'jsonc' || document.languageId === 'json') &&
    /\/settings\.json$/.test(document.uri.path) &&
    document.getText().includes('"envoi.')
  );
}

/** What is wrong with Envoi's settings in this file, at their lines. Broken JSON is the editor's own affair. */
export function settingsFindings(document: vscode.TextDocument): readonly Finding[] {
  const file = document.uri.toString();
  try {
    return readSettingsFile(document.getText(), file, dirname(document.uri.fsPath), providerIds).findings;
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
