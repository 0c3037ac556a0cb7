/**
 * One table of ratios, side by side in one run: Envoi, nodemailer's pool with liquidjs, Postfix's smtp-source, Python's
 * smtplib and a throw-away bound; start-up; a large list. What is compared with takes turns with Envoi.
 *
 *   npm run bench -- [--quick] [--rows N] [--messages N] [--rounds N] [--before REVISION] [--part sending|chunking|startUp|scale]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Before, checkOut } from './table/before.ts';
import { type Case, casesFor, chunkingCases } from './table/cases.ts';
import { bound, envoi, nodemailer, python, smtpSource } from './table/clients.ts';
import { loadNow, machine, today } from './table/machine.ts';
import { makeMaterial } from './table/material.ts';
import { sendingHead, sendingRow } from './table/print.ts';
import { scaleRows } from './table/scaleRows.ts';
import { send } from './table/sending.ts';
import { startUp } from './table/startUp.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rows: { type: 'string' },
    messages: { type: 'string' },
    rounds: { type: 'string', default: '1' },
    before: { type: 'string' },
    part: { type: 'string' },
  },
});
const { quick } = values;
const messages = Number(values.messages ?? (quick ? 1000 : 5000));
const rows = Number(values.rows ?? (quick ? 20_000 : 100_000));
const wants = (part: string) => values.part === undefined || values.part === part;

const folder = await mkdtemp(join(tmpdir(), 'envoi-bench-'));
let before: Before | undefined;
try {
  if (values.before) before = await checkOut(values.before, folder);
  const roots = [{ name: 'Envoi', root: process.cwd() }, ...(before ? [before] : [])];
  console.log(`${today()}, ${machine()}; ${loadNow()} at the start`);
  if (wants('sending')) await printSending(casesFor(quick, messages));
  else if (wants('chunking')) await printSending(chunkingCases(quick, messages));
  if (wants('startUp')) console.log(`\n${await startUp(roots, folder, quick ? 3 : 20)}`);
  if (wants('scale')) console.log(`\n${await scaleRows(roots, folder, rows)}`);
  console.log(`\n${today()}; ${loadNow()} at the end`);
} finally {
  await before?.remove();
  await rm(folder, { recursive: true, force: true });
}

async function printSending(cases: readonly Case[]): Promise<void> {
  const material = await makeMaterial(join(folder, 'material'));
  const mine = envoi('Envoi', process.cwd());
  const old = before ? [envoi(before.name, before.root)] : [];
  const columns = [mine, ...old, nodemailer, bound, smtpSource, python].filter(({ isHere }) => isHere);
  const names = columns.map(({ name }) => name);
  console.log(`\n${sendingHead(names, before?.name ?? '')}`);
  for (const one of cases) {
    const sent = await send(one, [mine, ...old, ...one.against], material, Number(values.rounds));
    console.log(sendingRow(one, names, sent, [nodemailer.name, bound.name, ...old.map(({ name }) => name)]));
  }
}
