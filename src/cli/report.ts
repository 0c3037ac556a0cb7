import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { leftOutRows, reportCsv, reportRows } from '../letter/reportCsv.ts';
import type { EngineApi } from '../protocol/engineApi.ts';
import { returnLines } from '../shared/cameBackText.ts';
import { type DeliveryState, deliveryGroups } from '../shared/campaign.ts';
import { causeWords } from '../shared/causes.ts';
import { replyWords } from '../shared/detailText.ts';
import { cut } from '../shared/displayWidth.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { ReportRow } from '../shared/reportRow.ts';
import { plural } from '../shared/words.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { printEnding } from './ending.ts';
import { EXIT } from './exit.ts';
import { deliveryStateText } from './stateWords.ts';
import { dim, flowing, print, printJson, table } from './terminal.ts';
import { summaryOf } from './watch.ts';
import { say, words } from './words.ts';

/** Listed by default: who did not get it, or may not have. */
const troubled: readonly DeliveryState[] = [...deliveryGroups.failed, ...deliveryGroups.inDoubt];
const SHOWN = 200;

/** `envoi report CAMPAIGN [--csv FILE] [--failed] [--json]`: who got it, who did not, and why. */
export async function report(campaign: string | undefined, options: CommandOptions): Promise<number> {
  const connection = await connectEngineFor(options, 'look');
  try {
    const { engine } = connection;
    const id = campaign ?? (await engine.list())[0]?.id;
    if (!id) throw new UserError('usage', msg('There are no campaigns yet.'), msg('Send one first.'));
    const states = options.failed ? deliveryGroups.failed : undefined;
    if (options.csv !== undefined) {
      const count = await writeCsv(engine, id, options.csv, states);
      if (!options.json && options.csv !== '-')
        print(`  ${say(plural('{0} row written to {1}', '{0} rows written to {1}', count, options.csv))}`);
      return EXIT.sent;
    }
    if (options.json) {
      for await (const page of reportRows(engine, id, states)) {
        for (const row of page) printJson({ event: 'delivery', campaign: id, ...row });
        await flowing();
      }
      if (!states)
        for await (const page of leftOutRows(engine, id)) {
          for (const { id: _, detail, ...row } of page)
            printJson({ event: 'leftOut', campaign: id, ...row, detail: say(detail) });
          await flowing();
        }
      printJson(summaryOf(await engine.get({ campaign: id })));
      return EXIT.sent;
    }
    await printEnding(engine, await engine.get({ campaign: id }), false);
    await printCameBack(engine, id);
    await printRows(engine, id, states);
    return EXIT.sent;
  } finally {
    await connection.close();
  }
}

async function printCameBack(engine: EngineApi, campaign: string): Promise<void> {
  const { snapshot, cameBack, overAll } = await engine.summary({ campaign });
  const own = returnLines('campaign', { sent: snapshot.counts.sent, cameBack }, words);
  const all = overAll.sent > snapshot.counts.sent ? returnLines('all', overAll, words) : [];
  for (const line of new Set([...own, ...all].map(say))) print(`  ${line}`);
}

async function printRows(
  engine: EngineApi,
  campaign: string,
  states: readonly DeliveryState[] | undefined,
): Promise<void> {
  const lines: string[][] = [];
  const moreLists = (await engine.get({ campaign })).moreLists ?? [];
  let more = 0;
  for await (const page of reportRows(engine, campaign, states ?? troubled)) {
    const shown = page.slice(0, SHOWN - lines.length);
    more += page.length - shown.length;
    for (const row of shown) {
      const why = row.cause === '' ? '' : say(causeWords[row.cause].title);
      const reply = cut(replyWords(row, words), 80);
      lines.push([dim(placeOf(row, moreLists)), row.address, say(deliveryStateText[row.state]), why, dim(reply)]);
    }
  }
  if (lines.length > 0) print(`\n${table(lines)}`);
  if (more > 0) print(`  ${say(msg('… and {0} more: write them all with {1}', more, '--csv FILE'))}`);
}

/** A row's line; the list is named where there are several. */
function placeOf({ line, list }: ReportRow, moreLists: readonly string[]): string {
  const at = msg('line {0}', String(line));
  return say(moreLists.length > 0 ? msg('{0}, {1}', basename(list), at) : at);
}

/** `-` is standard output. Returns how many rows. */
async function writeCsv(
  engine: EngineApi,
  campaign: string,
  file: string,
  states: readonly DeliveryState[] | undefined,
): Promise<number> {
  let count = 0;
  const onRows = (rows: number) => {
    count += rows;
  };
  const pieces = reportCsv(engine, campaign, { states, say, onRows });
  if (file === '-') {
    for await (const piece of pieces) {
      process.stdout.write(piece);
      await flowing();
    }
    return count;
  }
  try {
    await pipeline(pieces, createWriteStream(file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('unwritable', msg('{0} cannot be written ({1}).', file, reason), msg('Choose another file.'));
  }
  return count;
}
