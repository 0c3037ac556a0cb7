import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { providerIds } from '../providers/lookup.ts';
import { type Finding, msg } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';
import { parseSettings, readParsedSettings, readSettings } from '../shared/settingsReader.ts';
import type { PromptOptions } from './passwords.ts';
import { readText } from './readText.ts';
import { type FoundSettings, requireTrust } from './trust.ts';

/** Larger files are not settings. */
const MAX = 1_000_000;

/**
 * Reads settings: `--config`, else ENVOI_CONFIG, else envoi.json next to the document, else none. A file the person named
 * applies as it is; one that was found needs trust for everything but texts.
 */
export async function loadSettings(
  options: PromptOptions & { config: string | undefined },
  documentPath: string | undefined,
): Promise<{ settings: Settings; findings: readonly Finding[] }> {
  const named = options.config ?? process.env.ENVOI_CONFIG;
  if (named !== undefined) return readFoundSettings(named);
  const beside = documentPath ? join(dirname(documentPath), 'envoi.json') : 'envoi.json';
  if (!existsSync(beside))
    return readSettings({}, { file: 'envoi.json', baseDir: process.cwd(), providers: providerIds });
  const found = await readFoundSettings(beside);
  await requireTrust(found, options);
  return found;
}

export async function readFoundSettings(file: string): Promise<FoundSettings & { findings: readonly Finding[] }> {
  const text = await readText(file, msg('Pass an existing settings file with --config.'), MAX);
  const parsed = parseSettings(text, file);
  const { settings, findings } = readParsedSettings(parsed, {
    file,
    baseDir: dirname(resolve(file)),
    providers: providerIds,
  });
  return { file, text, raw: parsed.raw, settings, findings };
}
