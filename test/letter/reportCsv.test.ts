import assert from 'node:assert/strict';
import { test } from 'node:test';
import Papa from 'papaparse';
import { reportCsv } from '../../src/letter/reportCsv.ts';
import type { LeftOutRow, ReportQuery } from '../../src/protocol/engineApi.ts';
import { msg, type Text } from '../../src/shared/errors.ts';
import type { ReportRow } from '../../src/shared/reportRow.ts';

const say = ({ template, args }: Text) => template.replace(/\{(\d)\}/g, (_, at: string) => String(args[Number(at)]));

const row = (id: number, different: Partial<ReportRow> = {}): ReportRow => ({
  id,
  line: id + 1,
  list: '/letters/list.csv',
  address: `r${id}@example.org`,
  state: 'sent',
  transport: 'office',
  host: 'smtp.example.org',
  cause: 'delivered',
  code: 250,
  enhanced: '2.0.0',
  text: 'queued as 4711',
  attempts: 1,
  at: Date.UTC(2026, 10, 23, 9),
  nextAt: 0,
  messageId: `<${id}@example.org>`,
  token: `token${id}`,
  ...different,
});

function engineOf(rows: readonly ReportRow[], out: readonly LeftOutRow[] = []) {
  const queries: ReportQuery[] = [];
  return {
    queries,
    report: async (query: ReportQuery) => {
      queries.push(query);
      return rows.filter(({ id }) => id > query.after).slice(0, query.limit);
    },
    leftOut: async ({ after, limit }: { after: number; limit: number }) =>
      out.filter(({ id }) => id > after).slice(0, limit),
  };
}

test('the table of a report has a fixed column order, and what a spreadsheet would run is text', async () => {
  const engine = engineOf([
    row(1),
    row(2, { state: 'rejected', cause: 'unknownUser', code: 550, text: '=HYPERLINK("x"), "no"\nsuch', at: 0 }),
    row(3, { state: 'queued', cause: '', code: 0, enhanced: '', text: '', transport: '', host: '', at: 0 }),
  ]);
  let text = '';
  for await (const piece of reportCsv(engine, 'c', { say })) text += piece;
  assert.equal(
    text.split('\r\n')[0],
    'line,address,state,cause,code,enhanced,reply,transport,host,attempts,at,messageId,token,list',
  );
  assert.ok(text.endsWith('\r\n'));
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  assert.deepEqual(
    data.map(({ address, state, code, reply, at }) => [address, state, code, reply, at]),
    [
      ['r1@example.org', 'sent', '250', 'queued as 4711', '2026-11-23T09:00:00.000Z'],
      ['r2@example.org', 'rejected', '550', `'=HYPERLINK("x"), "no"\nsuch`, ''],
      ['r3@example.org', 'queued', '', '', ''],
    ],
  );
});

test('a long report comes a page at a time, whole, and is counted', async () => {
  const engine = engineOf(Array.from({ length: 2500 }, (_, n) => row(n + 1)));
  let lines = -1;
  let counted = 0;
  for await (const piece of reportCsv(engine, 'c', { states: ['sent'], say, onRows: (count) => (counted += count) }))
    lines += piece.split('\r\n').length - 1;
  assert.deepEqual([lines, counted], [2500, 2500]);
  assert.deepEqual(
    engine.queries.map(({ after, states }) => [after, states]),
    [0, 1000, 2000].map((after) => [after, ['sent']]),
  );
});

test('the rows that were left out follow, with their reason and list', async () => {
  const out = Array.from(
    { length: 1200 },
    (_, n): LeftOutRow => ({
      id: n + 1,
      file: n === 0 ? '/letters/list.csv' : '/letters/other.csv',
      line: n + 2,
      address: `left${n}@example.org`,
      reason: n === 0 ? 'unsubscribed' : 'duplicate',
      detail: n === 0 ? msg('“{0}” is “{1}”', 'Status', 'Unsubscribed') : msg('same address as line {0}', 2),
    }),
  );
  let text = '';
  let counted = 0;
  const onRows = (count: number) => {
    counted += count;
  };
  for await (const piece of reportCsv(engineOf([row(1)], out), 'c', { say, onRows })) text += piece;
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  assert.equal(data.length, 1201);
  assert.equal(counted, 1201);
  assert.deepEqual(
    data.slice(0, 3).map(({ line, address, state, cause, reply, list }) => [line, address, state, cause, reply, list]),
    [
      ['2', 'r1@example.org', 'sent', 'delivered', 'queued as 4711', '/letters/list.csv'],
      ['2', 'left0@example.org', 'leftOut', 'unsubscribed', '“Status” is “Unsubscribed”', '/letters/list.csv'],
      ['3', 'left1@example.org', 'leftOut', 'duplicate', 'same address as line 2', '/letters/other.csv'],
    ],
  );
});
