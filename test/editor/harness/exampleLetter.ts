import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { root } from '../../repository/sources.ts';

export const examples = join(root, 'examples');

/** The example's settings as a person would have them, with the catcher's true port and what the test adds. */
export async function exampleSettings(
  port: number,
  server: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const settings = parse(await readFile(join(examples, 'settings.json'), 'utf8'));
  Object.assign(settings['envoi.servers'].catcher, { port, ...server });
  return settings;
}
