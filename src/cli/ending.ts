import { leftOutText } from '../letter/plan/leftOut.ts';
import type { EngineApi, ReportSummary } from '../protocol/engineApi.ts';
import { type CampaignSnapshot, failedCount } from '../shared/campaign.ts';
import { causeWords } from '../shared/causes.ts';
import { detailText, detailWords } from '../shared/detailText.ts';
import { cut } from '../shared/displayWidth.ts';
import { spanText } from '../shared/duration.ts';
import { msg } from '../shared/errors.ts';
import { type LeftOut, totalLeftOut } from '../shared/leftOut.ts';
import type { Cause } from '../shared/outcome.ts';
import { setAsideText } from '../shared/setAside.ts';
import { plural } from '../shared/words.ts';
import { bold, dim, green, number, print, printJson, red, table, yellow } from './terminal.ts';
import { exitCode, printAttention, summaryOf } from './watch.ts';
import { say, words } from './words.ts';

/** Prints the result for people, and the command to type next. Returns the exit code. */
export async function printEnding(engine: EngineApi, snapshot: CampaignSnapshot, json: boolean): Promise<number> {
  if (json) {
    printJson(summaryOf(snapshot));
    return exitCode(snapshot);
  }
  const { counts } = snapshot;
  const rows: string[][] = [[green(say(msg('sent'))), number(counts.sent), say(msg('accepted by the next server'))]];
  const failed = failedCount(snapshot);
  if (failed > 0) rows.push([red(say(msg('failed'))), number(failed), say(msg('see why below'))]);
  if (counts.deferred + counts.queued > 0)
    rows.push([yellow(say(msg('waiting'))), number(counts.deferred + counts.queued), say(msg('not sent yet'))]);
  if (counts.inDoubt > 0)
    rows.push([
      yellow(say(msg('in doubt'))),
      number(counts.inDoubt),
      say(msg('no reply came back: it may have arrived')),
    ]);
  if (counts.cancelled > 0) rows.push([say(msg('cancelled')), number(counts.cancelled), say(msg('not sent'))]);
  const left = totalLeftOut(leftOutOf(snapshot));
  if (left > 0) rows.push([dim(say(msg('left out'))), number(left), leftOutWords(snapshot)]);
  print();
  print(`  ${headline(snapshot)}`);
  print(table(rows, '    '));
  const ways = snapshot.transports.filter((way) => way.sent > 0 || way.lastError !== '');
  if (ways.length > 0 && snapshot.transports.length > 1) {
    print();
    print(`  ${bold(say(msg('Via')))}`);
    print(
      table(
        ways.map((way) => [
          way.name,
          number(way.sent),
          dim([way.host, cut(detailWords(way.lastError, words).replace(/\s+/g, ' '), 60)].filter(Boolean).join(': ')),
        ]),
        '    ',
      ),
    );
  }
  const { causes, versions = [] } = await engine.summary({ campaign: snapshot.id });
  printVersions(versions);
  interface Group {
    cause: Cause;
    count: number;
    transports: Set<string>;
    text: string;
  }
  const grouped = new Map<Cause, Group>();
  for (const { state, cause, count, transport, text } of causes) {
    if (state === 'deferred' && snapshot.state === 'done') continue;
    const known = grouped.get(cause);
    if (!known) grouped.set(cause, { cause, count, transports: new Set([transport]), text });
    else {
      known.count += count;
      known.transports.add(transport);
    }
  }
  if (grouped.size > 0) {
    print();
    print(`  ${bold(say(msg('Why')))}`);
    const shown = [...grouped.values()].sort((a, b) => b.count - a.count).slice(0, 8);
    const width = Math.max(30, (process.stdout.columns ?? 100) - 50);
    print(
      table(
        shown.map((row) => [
          number(row.count),
          say(causeWords[row.cause].title),
          dim(cut(say(msg('{0}: {1}', [...row.transports].join(', '), detailText(row.text, words))), width)),
        ]),
        '    ',
      ),
    );
  }
  print();
  const setAside = setAsideText(snapshot);
  if (setAside) print(`  ${yellow('!')} ${say(setAside)}`);
  printAttention(snapshot);
  print(`  ${dim(nextStep(snapshot))}`);
  return exitCode(snapshot);
}

/** How many were sent before and after each correction. */
function printVersions(versions: NonNullable<ReportSummary['versions']>): void {
  if (versions.length < 2) return;
  print();
  for (const { version, until, sent } of versions) {
    const readers = plural('{0} reader', '{0} readers', sent);
    const text =
      until > 0
        ? msg('Text {0}, until {1}: {2}', version, words.moment(until), readers)
        : msg('Text {0}, corrected: {1}', version, readers);
    print(`    ${say(text)}`);
  }
}

function headline(snapshot: CampaignSnapshot): string {
  const { state, createdAt, startAt, finishedAt } = snapshot;
  const took = spanText(Math.max(1000, finishedAt - Math.max(createdAt, startAt)));
  switch (state) {
    case 'done':
      return finishedAt > 0 ? say(msg('{0} in {1}', bold(say(msg('Done'))), took)) : bold(say(msg('Done')));
    case 'cancelled':
      return bold(say(msg('Cancelled')));
    case 'paused':
      return bold(say(msg('Paused')));
    case 'scheduled':
      return bold(say(msg('Scheduled')));
    case 'needsAction':
      return bold(red(say(msg('Stopped: needs your attention'))));
    case 'running':
      return bold(say(msg('In progress')));
    default:
      return state satisfies never;
  }
}

/** An engine of an older version distinguishes three kinds. */
function leftOutOf({ leftOut, refused, counts }: CampaignSnapshot): Partial<LeftOut> {
  const { invalid, duplicate } = refused;
  return leftOut ?? { invalidAddress: invalid, duplicate, suppressed: counts.suppressed };
}

export function leftOutWords(snapshot: CampaignSnapshot): string {
  const left = leftOutText(leftOutOf(snapshot));
  return left ? say(left) : '';
}

/** For a planned campaign: the time alone starts nothing. */
export const ENGINE_NEEDED = msg(
  'The sending engine must be running at that time: keep VS Code open, or run envoi resume beforehand.',
);

function nextStep(snapshot: CampaignSnapshot): string {
  const { id, state, counts } = snapshot;
  if (state === 'paused' || state === 'needsAction') return say(msg('Continue with: {0}', `envoi resume ${id}`));
  if (state === 'running') return say(msg('See it with: {0}', `envoi status ${id}`));
  if (state === 'scheduled') return say(ENGINE_NEEDED);
  if (counts.inDoubt > 0) return say(msg('Decide with: {0}, or leave', `envoi decide ${id} resend`));
  if (failedCount(snapshot) > 0)
    return say(msg('Who and why: {0}    Resend: {1}', `envoi report ${id} --failed`, `envoi resend ${id}`));
  return say(msg('The whole list: {0}', `envoi report ${id} --csv report.csv`));
}
