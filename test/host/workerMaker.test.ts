import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { WorkerMaker } from '../../src/host/openLetter/worker/workerMaker.ts';
import { findingsOf, makeHere, readLetter } from '../../src/letter/index.ts';
import type { Maker } from '../../src/letter/maker.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { msg, UserError } from '../../src/shared/errors.ts';

const entry = resolve(import.meta.dirname, '../../src/host/openLetter/worker/letterWorker.ts');
const settings = { ...defaultSettings, from: 'Ada <ada@example.org>' };
const files = {
  read: async (path: string) => {
    if (path !== 'mine.html') throw new UserError('missing', msg('Not there.'), msg('Add it.'));
    return Buffer.from('<html><body><h1>Mine</h1>{{ content }}</body></html>');
  },
};
const text = `---
subject: Hello
layout: mine.html
kind: internal
attachments: [gone.pdf]
---
[here](page.html)
`;

let maker: WorkerMaker;
afterEach(() => maker.dispose());

const made = async (by: Maker, written = text) => {
  const letter = await readLetter({
    text: written,
    path: 'letter.md',
    settings: { settings, findings: [] },
    files,
    nameOf: (file) => file,
    list: async () => null,
    purpose: 'test',
    maker: by,
  });
  return { newsletter: letter.newsletter, assets: letter.assets, findings: await findingsOf(letter) };
};

/** Longest time in which nothing else had its turn. */
async function longestGap(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await work;
  clearInterval(timer);
  return Math.max(longest, performance.now() - last);
}

describe('a letter made in a worker thread', () => {
  it('is the same as one made here, with its files and what is wrong with it', async () => {
    maker = new WorkerMaker(entry, () => assert.fail('there is a worker'));
    const there = await made(maker);
    assert.deepEqual(there, await made(makeHere));
    assert.match(there.newsletter?.html ?? '', /<h1>Mine<\/h1>/);
    assert.deepEqual(
      there.findings.map(({ code }) => code),
      ['attachmentMissing', 'langMissing', 'notAligned', 'deadLink'],
    );
  });

  it('lets others have their turn while it takes long', async () => {
    maker = new WorkerMaker(entry, () => assert.fail('there is a worker'));
    await made(maker);
    const long =
      text +
      '# Story\n\nAll *about* it, with [a link](https://example.org/) and a table.\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n'.repeat(
        1500,
      );
    const [here, there] = [await longestGap(made(makeHere, long)), await longestGap(made(maker, long))];
    assert.ok(there < here / 2, `${Math.round(there)} ms beside, ${Math.round(here)} ms here`);
  });

  it('is given up when it takes too long, which is reported, and the next one is made', async () => {
    maker = new WorkerMaker(entry, () => assert.fail('there is a worker'), 60);
    const slow = await made(maker, text + '**a** '.repeat(400_000));
    assert.equal(slow.newsletter, null);
    assert.deepEqual(
      slow.findings.map(({ code, place }) => [code, place.line]),
      [['tooSlow', 7]],
    );
    maker.dispose();
    maker = new WorkerMaker(entry, () => assert.fail('there is a worker'));
    assert.ok((await made(maker)).newsletter);
  });

  it('is made in this thread where no worker is available', async () => {
    maker = new WorkerMaker('/nowhere/worker.cjs', async () => makeHere);
    assert.ok((await made(maker)).newsletter);
  });
});
