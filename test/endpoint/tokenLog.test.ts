import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { openTokenLog } from '../../src/endpoint/tokenLog.ts';
import { UserError } from '../../src/shared/errors.ts';

const token = (index: number) => String(index).padStart(43, 'A');
let folder: string;
const path = () => join(folder, 'unsubscribed.log');
const open = (largest = 1_000_000) => openTokenLog({ folder, largest });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'envoi-tokens-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('appended lines are read in pages, and again after reopening the file', async () => {
  const log = await open();
  await Promise.all(Array.from({ length: 25 }, (_, index) => log.append(token(index), 1000 + index)));
  const first = await log.read(0, 10);
  assert.deepEqual(first.tokens[0], { token: token(0), at: 1000 });
  assert.equal(first.tokens.length, 10);
  assert.equal(first.more, true);
  await log.close();
  const again = await open();
  assert.equal(again.id, log.id);
  const second = await again.read(first.next, 100);
  assert.deepEqual(
    second.tokens.map(({ at }) => at),
    Array.from({ length: 15 }, (_, index) => 1010 + index),
  );
  assert.equal(second.more, false);
  assert.deepEqual((await again.read(second.next, 10)).tokens, []);
  await again.close();
});

test('a cursor of another file starts from the beginning', async () => {
  const log = await open();
  await log.append(token(1), 1);
  const size = (await readFile(path())).length;
  for (const cursor of [-1, 0.5, Number.NaN, 3, size + 1, 1e18])
    assert.equal((await log.read(cursor, 10)).tokens.length, 1, String(cursor));
  await log.close();
});

test('a line torn by a crash is cut off, and the next one is intact', async () => {
  const log = await open();
  await log.append(token(1), 1);
  await log.close();
  await appendFile(path(), `${token(2)} 17`);
  const again = await open();
  await again.append(token(3), 3);
  assert.deepEqual(
    (await again.read(0, 10)).tokens.map(({ at }) => at),
    [1, 3],
  );
  await again.close();
});

test('a foreign file is left as it is', async () => {
  await writeFile(path(), 'my diary\nsecond page\n');
  await assert.rejects(open(), (error) => error instanceof UserError && error.code === 'notTokenLog');
  assert.equal(await readFile(path(), 'utf8'), 'my diary\nsecond page\n');
});

test('a full log accepts nothing more and says so', async () => {
  const log = await open(400);
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => log.append(token(index), index)));
  const kept = outcomes.filter((each) => each === 'kept').length;
  assert.ok(kept >= 2 && kept < 20, String(kept));
  assert.equal((await log.read(0, 100)).tokens.length, kept);
  assert.ok((await stat(path())).size <= 400);
  await log.close();
});

test('an invalid token cannot write a line', async () => {
  const log = await open();
  for (const hostile of ['', 'a b', 'a\nb', `${token(1)}\n${token(2)}`, 'x'.repeat(200), 'é'])
    await assert.rejects(log.append(hostile, 1), RangeError);
  assert.deepEqual((await log.read(0, 10)).tokens, []);
  await log.close();
});
