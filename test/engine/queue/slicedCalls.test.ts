import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it, type TestContext } from 'node:test';
import { memoryDatabase } from '../../../src/engine/queue/store/database.ts';
import { LetterStore } from '../../../src/engine/queue/store/letterStore.ts';
import { turnsOf } from '../../support/turns.ts';
import { addresses, DAY, Harness } from './harness.ts';

const ROWS = 20_000;
/** Of several turns, the last may not be counted. */
const SLICES = ROWS / 4000 - 1;

async function longOne(t: TestContext): Promise<Harness> {
  const h = await Harness.start({ office: {} });
  t.after(() => h.close());
  await h.send('long', addresses(ROWS), { startAt: h.clock.now() + DAY });
  return h;
}

it('resumes a long campaign slice by slice, while others have their turn', async (t) => {
  const h = await longOne(t);
  await h.engine.pause({ campaign: 'long' });
  assert.ok((await turnsOf(h.engine.resume({ campaign: 'long', secrets: {} }))) >= SLICES);
  assert.equal(await h.state('long'), 'scheduled');
});

it('corrects a long campaign slice by slice, while others have their turn', async (t) => {
  const h = await longOne(t);
  await h.prepare('corrected', []);
  assert.ok((await turnsOf(h.engine.correct({ campaign: 'long', draft: 'corrected' }))) >= SLICES);
  const { versions = [] } = await h.engine.summary({ campaign: 'long' });
  assert.deepEqual(
    versions.map(({ version }) => version),
    [1, 2],
  );
});

it('counts whoever got the present version also after a correction that was interrupted', async () => {
  const letters = new LetterStore(await memoryDatabase());
  const sent = new Map([
    [0, 2],
    [1, 3],
  ]);
  assert.deepEqual(
    letters.versions(1, sent).map((version) => version.sent),
    [5],
  );
});

it('undoes the suppressions of a long campaign slice by slice, while others have their turn', async (t) => {
  const h = await longOne(t);
  assert.ok((await turnsOf(h.engine.undoSuppressions({ campaign: 'long' }))) >= SLICES);
});

/** The same after some of its readers were refused, and a restart of the engine; how many turns others had during that. */
async function refused(h: Harness, count: number, state: string): Promise<number> {
  await h.stop();
  const database = new DatabaseSync(join(h.stateDir, 'envoi.db'));
  database.prepare(`UPDATE deliveries SET state = 'rejected', cause = 'unknownUser' WHERE line < ?`).run(count + 2);
  database.prepare('UPDATE campaigns SET state = ?').run(state);
  database.close();
  return turnsOf(h.open());
}

it('counts whom to resend to slice by slice, and again only when that has changed', async (t) => {
  const h = await longOne(t);
  await refused(h, 500, 'cancelled');
  const resendable = async () => (await h.engine.list())[0]?.resendable;
  assert.ok((await turnsOf(h.engine.list())) >= SLICES);
  assert.equal(await resendable(), ROWS);
  assert.ok((await turnsOf(h.engine.list())) < SLICES);
  const entries = ['r1@d0.example', 'r2@d0.example'];
  await h.engine.suppress({ entries: entries.map((entry) => ({ entry, reason: 'bounced', note: '', at: DAY ** 2 })) });
  assert.equal(await resendable(), ROWS - 2);
  await h.engine.unsuppress({ entries: entries.slice(0, 1) });
  assert.equal(await resendable(), ROWS - 1);
  await h.engine.undoSuppressions({ campaign: 'long' });
  assert.equal(await resendable(), ROWS);
});

it('tells those who watch whom to resend to', async (t) => {
  const h = await longOne(t);
  await refused(h, 500, 'cancelled');
  await h.engine.suppress({ entries: [{ entry: 'r1@d0.example', reason: 'bounced', note: '', at: 0 }] });
  const told = new Promise((resolve) => h.engine.onChange(({ resendable }) => resolve(resendable)));
  await h.clock.advance(1000);
  assert.equal(await told, ROWS - 1);
});

it('opens slice by slice a campaign that may still stop because of missing mailboxes', async (t) => {
  const h = await longOne(t);
  const whole = await refused(h, 0, 'paused');
  assert.ok((await refused(h, 3, 'paused')) >= whole + SLICES);
});
