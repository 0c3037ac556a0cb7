import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { grade, type Labelled, readLabelled, replyOf } from '../../../bench/replyGrades.ts';
import { commonReplies } from '../../../src/engine/verdict/commonReplies.ts';
import { findRule } from '../../../src/engine/verdict/judge.ts';
import { normalizeReply } from '../../../src/engine/verdict/normalizeReply.ts';
import { codeReplies } from '../../../src/engine/verdict/rules/codes.ts';
import { lastReplies } from '../../../src/engine/verdict/rules/message.ts';
import { allProviders } from '../../../src/providers/all.ts';
import { replies } from '../../fixtures/replies.ts';

const folder = join(import.meta.dirname, '../../fixtures/labelled');
const rows = readdirSync(folder).flatMap((name) => readLabelled(readFileSync(join(folder, name), 'utf8'), name));

test('no innocent reader is suppressed, and the dead ones are: at least 95 % rejected, 90 % suppressed', () => {
  const { innocentsSuppressed, dead } = grade(rows);
  assert.deepEqual(innocentsSuppressed, []);
  assert.ok(dead.total >= 200, `${dead.total} dead mailboxes`);
  assert.ok(dead.rejected >= 0.95 * dead.total, `${dead.rejected} of ${dead.total} rejected`);
  assert.ok(dead.suppressed >= 0.9 * dead.total, `${dead.suppressed} of ${dead.total} suppressed`);
});

for (const row of rows) {
  if (row.label === 'dead') continue;
  test(`${row.label}, ${row.via}, ${row.stage}: ${row.reply.slice(0, 90)}`, () => {
    const { misses, innocentsSuppressed } = grade([row]);
    assert.deepEqual([misses, innocentsSuppressed], [[], []]);
  });
}

test('every rule is the first match of a reply', () => {
  const used = new Set<unknown>();
  const own: Labelled[] = replies.map(([via, host, stage, reply]) => ({
    label: 'reader',
    via,
    host,
    stage,
    reply,
    at: '',
  }));
  for (const row of [...own, ...rows]) {
    const reply = replyOf(row);
    const { via, host, stage } = row;
    used.add(findRule(reply, normalizeReply(reply.text), stage, { transport: via, host })?.rule);
  }
  const provided = new Set(allProviders.flatMap((provider) => provider.replies));
  const unused = [...provided, ...commonReplies, ...codeReplies, ...lastReplies].filter((rule) => !used.has(rule));
  assert.deepEqual(
    unused.map(({ cause, code, match }) => `${cause} ${code?.source ?? ''} ${match?.source.slice(0, 80) ?? ''}`),
    [],
  );
});
