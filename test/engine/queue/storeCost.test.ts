import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, it } from 'node:test';
import { addresses, Harness } from './harness.ts';

/*
 * What a message costs on disk, in counts, which are the same on every machine: transactions, each of them one fsync, and
 * pages written into the log of the store. A log frame is a page of 4,096 bytes and its header.
 */
const FRAME = 4096 + 24;
const messages = 100;

let h: Harness;
afterEach(() => h.close());

interface Counts {
  commits: number;
  pages: number;
}

function counts(stateDir: string): Counts {
  const database = new DatabaseSync(join(stateDir, 'envoi.db'), { readOnly: true });
  try {
    const commits = Number(database.prepare('SELECT count FROM store_commits').get()?.count);
    return { commits, pages: statSync(join(stateDir, 'envoi.db-wal')).size / FRAME };
  } finally {
    database.close();
  }
}

async function costOf(connections: number): Promise<Counts> {
  h = await Harness.start({ office: { limits: { maxConnections: connections } } });
  await h.prepare('c', addresses(messages, 7));
  const before = counts(h.stateDir);
  await h.engine.start({ draft: 'c', startAt: 0, secrets: {} });
  await h.until('c');
  const after = counts(h.stateDir);
  // So few that the log was not begun anew meanwhile.
  assert.ok(after.pages > before.pages);
  return { commits: (after.commits - before.commits) / messages, pages: (after.pages - before.pages) / messages };
}

describe('what a message costs on disk', () => {
  // Measured: 1.03 and 4.7 pages, of them one each for the intents, the attempt and the counter of the store, and 1.5 for the
  // delivery, whose row grows. More than half above that is too much.
  it('over one connection: one transaction, in which the outcome of one comes with the intent of the next', async (t) => {
    const { commits, pages } = await costOf(1);
    t.diagnostic(`${commits.toFixed(2)} transactions, ${pages.toFixed(2)} pages`);
    assert.ok(commits <= 1.5, `${commits} transactions a message`);
    assert.ok(pages <= 7, `${pages} pages a message`);
  });

  // Measured: 0.08 and 0.6.
  it('over twenty: concurrent requests are written together', async (t) => {
    const { commits, pages } = await costOf(20);
    t.diagnostic(`${commits.toFixed(2)} transactions, ${pages.toFixed(2)} pages`);
    assert.ok(commits <= 0.2, `${commits} transactions a message`);
    assert.ok(pages <= 1, `${pages} pages a message`);
  });
});
