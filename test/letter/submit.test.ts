import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PinRequest, pinCampaign } from '../../src/letter/submit.ts';
import { engineGone } from '../../src/protocol/engineGone.ts';
import { msg, UserError } from '../../src/shared/errors.ts';
import { FakeEngine, realDraft, snapshotOf } from '../protocol/fakeEngine.ts';

const row = (n: number) => ({ line: n, address: `r${n}@example.org`, fields: { file: `${n % 2}.pdf` } });

async function requestOf(changes: Partial<PinRequest> = {}): Promise<PinRequest> {
  return {
    campaign: await realDraft(),
    assets: ['sun.png', 'sun.png'],
    read: async (path) => Buffer.from(path),
    attachmentPaths: (recipient) => [recipient.fields.file ?? ''],
    batches: (async function* () {
      // Few at a time, as they are read; they are handed over by thousands.
      for (let line = 2; line < 4002; line += 2) yield { rows: [row(line), row(line + 1)], refused: [] };
      yield {
        rows: [row(4002)],
        refused: [{ line: 4003, address: 'x', reason: 'noAddress', detail: { template: '', args: [] } }],
      };
    })(),
    startAt: 0,
    secrets: { key: 'secret' },
    ...changes,
  };
}

describe('a campaign', () => {
  it('is submitted whole: each file once, rows in order, and then started', async () => {
    const engine = new FakeEngine({ start: () => snapshotOf('a') });
    const seen: number[] = [];
    await pinCampaign(engine.api, await requestOf({ onProgress: (rows) => seen.push(rows) }));
    assert.deepEqual(
      engine.calls.map(([method]) => method),
      ['createDraft', ...Array(3).fill('addAsset'), ...Array(5).fill('addRows'), 'start'],
    );
    const paths = engine.calls.flatMap(([method, request]) =>
      method === 'addAsset' ? [(request as { path: string }).path] : [],
    );
    assert.deepEqual(paths, ['sun.png', '0.pdf', '1.pdf']);
    assert.deepEqual(
      engine.calls.flatMap(([method, request]) =>
        method === 'addRows' ? [(request as { sequence: number }).sequence] : [],
      ),
      [0, 1, 2, 3, 4],
    );
    assert.deepEqual(seen, [1000, 2000, 3000, 4000, 4001]);
    const ids = new Set(engine.calls.map(([, request]) => (request as { draft: string }).draft));
    assert.equal(ids.size, 1);
  });

  const error = new UserError('missing', msg('No.'), msg('Mend it.'));
  const fail = () => {
    throw error;
  };
  const failures: [name: string, answers: object, changes: () => Partial<PinRequest>][] = [
    ['a file cannot be read', {}, () => ({ read: () => Promise.reject(error) })],
    ['the engine takes no rows', { addRows: fail }, () => ({})],
    ['a person stops it', {}, () => ({ onProgress: fail })],
    ['it cannot be started', { start: fail }, () => ({})],
  ];
  for (const [name, answers, changes] of failures) {
    it(`is discarded when ${name}`, async () => {
      const engine = new FakeEngine(answers);
      await assert.rejects(pinCampaign(engine.api, await requestOf(changes())), { code: 'missing' });
      assert.equal(engine.calls.at(-1)?.[0], 'discard');
      if (name !== 'it cannot be started') assert.ok(!engine.calls.some(([method]) => method === 'start'));
    });
  }

  it('that may have been started is never reported as unsent', async () => {
    const engine = new FakeEngine({
      start: () => {
        throw engineGone();
      },
    });
    await assert.rejects(pinCampaign(engine.api, await requestOf()), {
      code: 'startUnknown',
      message: /may be sending/,
    });
  });
});
