import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sentBeforeText } from '../letter/plan/sentBeforeText.ts';
import { type ReadersBefore, readersBefore } from '../letter/readersBefore.ts';
import { findingsOf } from '../letter/readLetter.ts';
import { msg } from '../shared/errors.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import type { Gathered } from './gather.ts';
import { print, printJson } from './terminal.ts';
import { withEngine } from './withEngine.ts';
import { say, words } from './words.ts';

/** Who must not get a letter, or has it: read from an engine. */
export async function lookBefore(letter: string, options: CommandOptions): Promise<ReadersBefore> {
  const { connection, result } = await withEngine(
    () => connectEngineFor(options, 'look'),
    ({ engine }) => readersBefore(engine, letter),
  );
  await connection.close();
  return result;
}

/** The same for checks only: where nothing was ever sent, nothing is created. */
export async function lookIfThere(letter: string, options: CommandOptions): Promise<ReadersBefore | null> {
  return existsSync(join(options.state, 'envoi.db')) ? lookBefore(letter, options) : null;
}

/**
 * What to do when this very campaign was started before: nothing. Returns the exit code then, else null. Repeating the same
 * command, as from cron or in a repeated job, succeeds; exit code 3 says that the first one has not ended.
 */
export async function alreadyStarted(letter: Gathered, options: CommandOptions): Promise<number | null> {
  const campaigns = letter.before?.campaigns ?? [];
  const same = options.once === undefined ? undefined : campaigns.find(({ once }) => once === options.once);
  const profile = letter.list?.profile;
  const everybody = !options.again && profile?.count === 0 && (profile.refused.alreadySent ?? 0) > 0;
  const others = (await findingsOf(letter)).filter(
    ({ severity, code }) => severity === 'error' && code !== 'nobodyLeft',
  );
  if (!same && (!everybody || others.length > 0)) return null;
  const unfinished = (same ? [same] : campaigns).find(({ finished }) => !finished);
  const text = same
    ? msg('This letter was already started with --once {0}, as campaign {1}.', options.once ?? '', same.id)
    : unfinished
      ? msg('Everyone on the list already has this letter or is waiting for it.')
      : msg('Everyone on the list already has this letter. To send it again, add --again.');
  if (options.json) {
    printJson({ event: 'alreadySent', text: say(text), campaigns, unfinished: unfinished?.id });
  } else {
    print(`  ${say(text)}`);
    for (const line of sentBeforeText(campaigns, words.time, Date.now())) print(`  ${say(line)}`);
    if (unfinished) print(`  ${say(msg('It has not finished: continue with envoi resume {0}.', unfinished.id))}`);
  }
  return unfinished ? EXIT.interrupted : EXIT.sent;
}
