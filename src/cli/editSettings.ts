import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import type { Text } from '../shared/errors.ts';
import { replaceFile } from './replaceFile.ts';
import { readFoundSettings } from './settingsFile.ts';
import { trustSettings } from './trust.ts';
import { isTrustedText } from './trustStore.ts';

/** One place in the settings, and its new value. */
export interface SettingEdit {
  path: readonly string[];
  value: unknown;
}

/** The settings file that applies to a document: named, or next to it. */
export function settingsFileFor(named: string | undefined, document: string): string {
  return named ?? process.env.ENVOI_CONFIG ?? join(dirname(document), 'envoi.json');
}

/**
 * Edits the settings in place, keeping comments. If they were trusted, they stay trusted with the change. `otherwise`: what a
 * person can do when the file cannot be written.
 */
export async function editSettings(file: string, edits: readonly SettingEdit[], otherwise: Text): Promise<void> {
  const there = existsSync(file);
  const found = there ? await readFoundSettings(file) : null;
  let text = found?.text ?? '{}\n';
  const trusted = found !== null && (await isTrustedText(file, text));
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  for (const { path, value } of edits) text = applyEdits(text, modify(text, [...path], value, { formattingOptions }));
  const mode = there ? (await stat(file)).mode & 0o777 : 0o666 & ~process.umask();
  await replaceFile(file, text, mode, otherwise);
  if (trusted || !there) await trustSettings(await readFoundSettings(file));
}
