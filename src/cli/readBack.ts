import { lookForTest } from '../letter/lookForTest.ts';
import type { EngineApi } from '../protocol/engineApi.ts';
import type { Arrival } from '../shared/arrival.ts';
import { arrivalLines } from '../shared/arrivalWords.ts';
import { systemClock } from '../shared/clock.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { MailboxSettings, Settings } from '../shared/settings.ts';
import type { CommandOptions } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { type PromptOptions, secretOf } from './passwords.ts';
import { bold, dim, green, oneLine, print, printError, printJson, red, yellow } from './terminal.ts';
import { say } from './words.ts';

interface Opened {
  name: string;
  mailbox: MailboxSettings;
  secret: string;
}

/** The mailboxes of the settings with their passwords, asked for before anything is sent. */
export async function openMailboxes({ mailboxes }: Settings, prompts: PromptOptions): Promise<Opened[]> {
  if (Object.keys(mailboxes).length === 0) {
    throw new UserError(
      'unknownMailbox',
      msg('There is no mailbox in the settings to find the test message in.'),
      msg('Add one to envoi.mailboxes. Nothing was sent.'),
    );
  }
  const opened: Opened[] = [];
  for (const [name, mailbox] of Object.entries(mailboxes))
    opened.push({ name, mailbox, secret: await secretOf(name, mailbox, prompts) });
  return opened;
}

/** `envoi test --read`: waits until the tests of a campaign have arrived, or two minutes have passed. */
export async function readBack(
  engine: EngineApi,
  campaign: string,
  mailboxes: readonly Opened[],
  { json }: Pick<CommandOptions, 'json'>,
): Promise<number> {
  const rows = (await engine.report({ campaign, after: 0, limit: 1_000 })).filter(({ state }) => state === 'sent');
  if (rows.length === 0) return EXIT.someFailed;
  if (!json) printError(`  ${dim(say(msg('Checking how it arrived, for up to two minutes…')))}`);
  const all = await Promise.all(mailboxes.map((each) => lookForTest(engine, each, rows, systemClock)));
  let well = true;
  for (const [at, arrivals] of all.entries()) {
    const each = mailboxes[at];
    if (each && !tell(each, arrivals, json)) well = false;
  }
  return well ? EXIT.sent : EXIT.someFailed;
}

const marks = { passed: green('✓'), warned: yellow('!'), failed: red('✗'), unasked: dim('?') };

/** Whether it arrived well. */
function tell({ name, mailbox }: Opened, arrivals: readonly Arrival[], json: boolean): boolean {
  const found = arrivals.length > 0 ? arrivals : [null];
  const lines = found.flatMap((arrival) => arrivalLines(name, mailbox, arrival));
  if (json)
    for (const arrival of found) printJson({ event: 'arrival', mailbox: name, arrived: arrival !== null, ...arrival });
  else {
    print(`\n  ${bold(name)}`);
    for (const { state, text } of lines) print(`    ${marks[state]} ${oneLine(say(text))}`);
  }
  return lines.every(({ state }) => state !== 'failed');
}
