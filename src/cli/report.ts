import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import Papa from 'papaparse';
import type { EngineApi, ReportRow } from '../protocol/engineApi.ts';
import type { DeliveryState } from '../shared/campaign.ts';
import { causeWords } from '../shared/causes.ts';
import { cut } from '../shared/displayWidth.ts';
import { msg, UserError } from '../shared/errors.ts';
import { type CommandOptions, openDoorFor } from './commandLine.ts';
import { printEnding } from './ending.ts';
import { dim, flowing, number, print, printJson, table } from './terminal.ts';
import { EXIT, summaryOf } from './watch.ts';
import { say } from './words.ts';

const failedStates: readonly DeliveryState[] = ['rejected', 'expired', 'inDoubt'];
const PAGE = 1000;
const SHOWN = 200;

/** `envoi report CAMPAIGN [--csv FILE] [--failed] [--json]`: who got it, who did not, and why. */
export async function report(campaign: string | undefined, options: CommandOptions): Promise<number> {
  const door = await openDoorFor(options, 'look');
  try {
    const { engine } = door;
    const id = campaign ?? (await engine.list())[0]?.id;
    if (!id) throw new UserError('usage', msg('There is no campaign yet.'), msg('Send one first.'));
    const states = options.failed ? failedStates : undefined;
    if (options.csv !== undefined) {
      const count = await writeCsv(engine, id, options.csv, states);
      if (!options.json) print(`  ${number(count)} rows written to ${options.csv}`);
      return EXIT.sent;
    }
    if (options.json) {
      for await (const row of rows(engine, id, states)) {
        printJson({ event: 'delivery', campaign: id, ...row });
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
    await door.close();
  }
}

async function printCameBack(engine: EngineApi, campaign: string): Promise<void> {
  const { bounced, left, complained, replied } = (await engine.summary({ campaign })).cameBack;
  if (bounced + left + complained + replied === 0) return;
  const parts = [
    `${number(bounced)} bounced`,
    `${number(left)} left`,
    `${number(complained)} complained`,
    `${number(replied)} replied`,
  ];
  print(`  came back later: ${parts.join(', ')}`);
}

async function printRows(
  engine: EngineApi,
  campaign: string,
  states: readonly DeliveryState[] | undefined,
): Promise<void> {
  const lines: string[][] = [];
  let more = 0;
  for await (const row of rows(engine, campaign, states ?? failedStates)) {
    if (lines.length >= SHOWN) more++;
    else {
      const why = row.cause === '' ? '' : say(causeWords[row.cause].title);
      lines.push([
        dim(`line ${row.line}`),
        row.address,
        row.state,
        why,
        dim(cut(`${row.code || ''} ${row.text}`.trim(), 80)),
      ]);
    }
  }
  if (lines.length > 0) print(`\n${table(lines)}`);
  if (more > 0) print(`  … and ${number(more)} more: write them all with --csv FILE`);
}

async function* rows(
  engine: EngineApi,
  campaign: string,
  states: readonly DeliveryState[] | undefined,
): AsyncGenerator<ReportRow> {
  let after = 0;
  for (;;) {
    const page = await engine.report({ campaign, after, limit: PAGE, ...(states ? { states } : {}) });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}

/** RFC 4180. A cell that a spreadsheet would take for a formula is written with a quote before it. */
async function writeCsv(
  engine: EngineApi,
  campaign: string,
  file: string,
  states: readonly DeliveryState[] | undefined,
): Promise<number> {
  const out = createWriteStream(file);
  const failed = once(out, 'error').then(([error]) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('unwritable', msg('{0} cannot be written ({1}).', file, reason), msg('Choose another file.'));
  });
  failed.catch(() => {});
  const columns = [
    'line',
    'address',
    'state',
    'cause',
    'code',
    'enhanced',
    'reply',
    'transport',
    'host',
    'attempts',
    'at',
    'messageId',
  ];
  let count = 0;
  out.write(`${columns.join(',')}\r\n`);
  for await (const row of rows(engine, campaign, states)) {
    const at = row.at > 0 ? new Date(row.at).toISOString() : '';
    const { line, address, state, cause, code, enhanced, text, transport, host, attempts, messageId } = row;
    const cells = [line, address, state, cause, code || '', enhanced, text, transport, host, attempts, at, messageId];
    const flowing = out.write(`${Papa.unparse([cells], { escapeFormulae: true })}\r\n`);
    if (!flowing) await Promise.race([once(out, 'drain'), failed]);
    count++;
  }
  out.end();
  await Promise.race([once(out, 'finish'), failed]);
  return count;
}
