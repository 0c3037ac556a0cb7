import { createInterface } from 'node:readline/promises';
import { leftOutText } from '../letter/plan/leftOut.ts';
import { shortestMs } from '../letter/plan/shortestTime.ts';
import type { ListSummary } from '../letter/readList.ts';
import { rateText } from '../shared/duration.ts';
import { msg, UserError } from '../shared/errors.ts';
import { DIRECT, type Settings } from '../shared/settings.ts';
import { plural } from '../shared/words.ts';
import type { CommandOptions } from './commandLine.ts';
import { Refused } from './findings.ts';
import type { Sendable } from './gather.ts';
import { bold, clockTime, dim, number, span, table } from './terminal.ts';
import { say } from './words.ts';

/** What a person should know before the one step that cannot be undone. */
export function overview({ settings, newsletter }: Sendable, list: ListSummary, startAt: number): string {
  const rows = list.profile.count;
  const left = leftOutText(list.profile.refused);
  const { name, address } = newsletter.from;
  const lines = [
    [dim('subject'), newsletter.subject],
    [dim('from'), name ? `${name} <${address}>` : address],
    [dim('to'), `${bold(number(rows))} recipients of ${list.name}${left ? ` (left out: ${say(left)})` : ''}`],
    [dim('by'), routeText(settings)],
    startAt > 0 ? [dim('at'), clockTime(startAt)] : [dim('takes'), duration(rows, settings)],
  ];
  return `\n${table(lines)}\n`;
}

function duration(rows: number, settings: Settings): string {
  const ms = shortestMs(rows, settings);
  if (ms === null) return 'as long as the servers need; no limit is set';
  const least = settings.route.length > 1 ? 'about' : 'at least';
  return `${least} ${span(ms)} by the limits of ${[settings.route[0] ?? ''].flat().join(', ')}${settings.route.length > 1 ? ' alone' : ''}`;
}

/** "office (smtp.example.org:587, at most 500/hour), then direct" */
export function routeText(settings: Settings): string {
  const one = (name: string) => {
    const server = settings.servers[name];
    if (name === DIRECT || !server) return 'directly to the recipients’ servers';
    const limits = server.windows.map((limit) => say(rateText(limit))).join(', ');
    return `${name} (${server.host}:${server.port}${limits ? `, at most ${limits}` : ''})`;
  };
  const entry = (names: string | readonly string[]) =>
    typeof names === 'string' ? one(names) : `${names.map(one).join(' and ')} side by side`;
  return settings.route.map(entry).join(', then ');
}

export async function confirm(rows: number, options: CommandOptions): Promise<void> {
  if (options.yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(
      'notConfirmed',
      msg('Without a terminal nobody can confirm.'),
      plural('Add --yes to send to {0} recipient.', 'Add --yes to send to {0} recipients.', rows),
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`  Send to ${number(rows)} recipients? Type ${bold('yes')}: `);
    if (answer.trim().toLowerCase() === 'yes') return;
  } finally {
    terminal.close();
  }
  process.stdout.write(`  ${say(msg('Nothing was sent.'))}\n`);
  throw new Refused();
}
