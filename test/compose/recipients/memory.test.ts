import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readList } from '../../../src/letter/readList.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const ROWS = 120_000;
const BLOCK = 600;

/** Some 20 MB. In each block of the file a domain, and an address that is none, stand for the first time. */
async function* list(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('email,name,remark\n');
  for (let from = 0; from < ROWS; from += BLOCK) {
    let text = '';
    for (let n = from; n < from + BLOCK; n++) {
      const domain = n === from + 7 ? `domain-of-block-number-${from}.example` : 'everybody-is-there.example';
      const address = n === from + 9 ? `no address at all but number ${n}` : `reader-number-${n}@${domain}`;
      text += `${address},Reader ${n},${`a remark of some length and number ${n} `.repeat(3)}\n`;
    }
    yield Buffer.from(text);
  }
}

test('what is kept of a list after reading keeps none of its text in memory', async () => {
  const read = () => readList([{ file: 'list.csv', open: list }], {});
  await read();
  collect();
  const before = process.memoryUsage().heapUsed;
  const summary = await read();
  collect();
  const kept = process.memoryUsage().heapUsed - before;
  assert.equal(summary.profile.count, ROWS - ROWS / BLOCK);
  assert.equal(summary.profile.mailDomains.rows.length, ROWS / BLOCK + 1);
  assert.ok(kept < 4e6, `${(kept / 1e6).toFixed(1)} MB of a list of 20 MB are kept`);
});
