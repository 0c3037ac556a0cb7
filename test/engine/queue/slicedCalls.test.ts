import assert from 'node:assert/strict';
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
