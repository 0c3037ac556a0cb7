import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { msg, UserError } from '../shared/errors.ts';
import { keysThatNeedTrust } from '../shared/folderSettings.ts';
import { secretKey } from '../shared/settings.ts';
import { askYes, mayAsk } from './ask.ts';
import type { CommandOptions } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { RefusalPrinted, refuseOnErrors } from './findings.ts';
import { readFoundSettings } from './settingsFile.ts';
import { print, printError, printJson } from './terminal.ts';
import { trustQuestion, trustSettings } from './trust.ts';
import { say } from './words.ts';

/** `envoi trust [FOLDER|DOCUMENT|FILE]`: the settings there may name servers, keys and limits, as they are now. */
export async function trust(target: string | undefined, options: CommandOptions): Promise<number> {
  const found = await readFoundSettings(await settingsAt(target ?? '.'));
  refuseOnErrors(found.findings, options.json);
  if (!options.json) printError(trustQuestion(found));
  if (!options.yes && !options.trust) {
    if (!mayAsk(options)) {
      throw new UserError(
        'notConfirmed',
        msg('Cannot ask for confirmation without a terminal.'),
        msg('Read {0}, then add --yes to trust it.', found.file),
      );
    }
    if (!(await askYes(say(msg('Use these settings until they change?'))))) throw new RefusalPrinted();
  }
  await trustSettings(found);
  const accounts = Object.values(found.settings.servers).map(secretKey);
  if (options.json)
    printJson({ event: 'trusted', file: found.file, settings: keysThatNeedTrust(found.raw), servers: accounts });
  else print(`  ${say(msg('{0} is trusted until it changes.', found.file))}`);
  return EXIT.sent;
}

async function settingsAt(target: string): Promise<string> {
  const found = await stat(target).catch(() => null);
  if (!found) {
    throw new UserError(
      'missing',
      msg('There is no file {0}.', target),
      msg('Give a folder, a document or its settings file.'),
    );
  }
  if (found.isDirectory()) return join(target, 'envoi.json');
  return basename(target).endsWith('.json') ? target : join(dirname(target), 'envoi.json');
}
