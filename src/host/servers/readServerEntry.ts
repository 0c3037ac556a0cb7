import { providerIds } from '../../providers/lookup.ts';
import type { ServerSettings } from '../../shared/settings.ts';
import { readSettings } from '../../shared/settingsReader.ts';
import type { ServerEntry } from './serverEntry.ts';

/** An entry as the settings' own reader understands it. */
export function readServerEntry(name: string, entry: ServerEntry): ServerSettings {
  const { settings } = readSettings(
    { 'envoi.servers': { [name]: entry } },
    { file: 'settings.json', baseDir: '.', providers: providerIds },
  );
  const server = settings.servers[name];
  if (!server) throw new Error(`the server ${name} was not read`);
  return server;
}
