import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { msg } from '../../src/shared/errors.ts';
import { secretKey } from '../../src/shared/settings.ts';
import { reply } from '../support/fakeTransport.ts';
import { addresses, Harness, MINUTE } from './queue/harness.ts';

let h: Harness;
afterEach(() => h.close());

describe('a draft', () => {
  beforeEach(async () => {
    h = await Harness.start({ office: {} });
  });
  const rows = addresses(3).map((address, n) => ({ line: n + 2, address, fields: { name: '' } }));

  it('accepts a repeated part once, and refuses one that leaves a gap', async () => {
    await h.prepare('c', []);
    await h.engine.addRows({ draft: 'c', sequence: 1, rows, refused: [] });
    await h.engine.addRows({ draft: 'c', sequence: 1, rows, refused: [] });
    await assert.rejects(h.engine.addRows({ draft: 'c', sequence: 3, rows, refused: [] }));
    const first = await h.engine.start({ draft: 'c', startAt: 0, secrets: {} });
    const again = await h.engine.start({ draft: 'c', startAt: 0, secrets: {} });
    assert.deepEqual([first.total, again.total, (await h.engine.list()).length], [3, 3, 1]);
    await h.until('c');
    assert.equal(h.transport('office').accepted.length, 3);
  });

  it('starts again when it is created again', async () => {
    await h.prepare('c', addresses(7));
    await h.send('c', addresses(2));
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { sent: 2 });
  });

  it('is forgotten when discarded or never started, and nothing of it is sent', async () => {
    await h.prepare('thrown', addresses(2));
    await h.prepare('left', addresses(2));
    await h.engine.discard({ draft: 'thrown' });
    await h.engine.discard({ draft: 'thrown' });
    assert.deepEqual(await h.engine.list(), []);
    await h.restart();
    for (const draft of ['thrown', 'left'])
      await assert.rejects(h.engine.start({ draft, startAt: 0, secrets: {} }), { code: 'unknownCampaign' });
    await h.clock.advance(MINUTE);
    assert.equal(h.transport('office').accepted.length, 0);
  });

  it('accepts nothing more once its campaign has started', async () => {
    await h.send('c', addresses(1));
    await assert.rejects(h.engine.addRows({ draft: 'c', sequence: 1, rows, refused: [] }), { code: 'started' });
    await h.until('c');
    assert.equal((await h.engine.get({ campaign: 'c' })).total, 1);
  });

  it('keeps the rows that were left out, with their lines and reasons', async () => {
    const refused = [
      { line: 4, address: 'nobody', reason: 'invalidAddress' as const, detail: msg('it has no @') },
      { line: 9, address: 'r0@d0.example', reason: 'duplicate' as const, detail: msg('same address as line {0}', 2) },
    ];
    await h.prepare('c', addresses(1));
    await h.engine.addRows({ draft: 'c', sequence: 1, rows: [], refused });
    const started = await h.engine.start({ draft: 'c', startAt: 0, secrets: {} });
    assert.deepEqual(started.refused, { invalid: 1, duplicate: 1, suppressed: 0 });
    const kept = (await h.engine.summary({ campaign: 'c' })).refused;
    assert.deepEqual(
      kept.map(({ line, address, reason, detail }) => ({ line, address, reason, detail })),
      refused,
    );
  });
});

describe('what is kept', () => {
  it('is for its owner alone and contains the document, but no password', async () => {
    h = await Harness.start({ office: {} });
    const { servers } = h.settings();
    const office = { ...(servers.office ?? assert.fail()), user: 'ada', auth: 'password' as const };
    const secrets = { [secretKey(office)]: 'correct horse battery' };
    await h.send('c', addresses(3), { settings: { servers: { office } }, secrets });
    await h.until('c');
    const { document } = await h.engine.summary({ campaign: 'c' });
    assert.equal(document.text, 'Dear {{ name }}.');
    assert.match(document.sha256, /^[0-9a-f]{64}$/);
    for (const file of ['envoi.db', 'envoi.db-wal', 'key']) {
      assert.equal(statSync(join(h.stateDir, file)).mode & 0o077, 0, file);
      assert.equal(readFileSync(join(h.stateDir, file)).includes('correct horse'), false, file);
    }
  });
});

describe('clients that watch', () => {
  it('are notified at most four times a second, and of the end', async () => {
    h = await Harness.start({ office: { takesMs: 20 } });
    const seen: CampaignSnapshot[] = [];
    const watch = h.engine.onChange((snapshot) => seen.push(snapshot));
    await h.send('c', addresses(400));
    const began = h.clock.now();
    await h.until('c');
    await h.clock.advance(1000);
    const seconds = (h.clock.now() - began) / 1000;
    assert.ok(seen.length >= 8 && seen.length <= seconds * 4 + 1, `${seen.length} in ${seconds} s`);
    assert.deepEqual([seen.at(-1)?.state, seen.at(-1)?.counts.sent], ['done', 400]);
    const half = seen.find(({ counts }) => counts.sent >= 200) ?? assert.fail();
    assert.ok(half.rate > 60 && half.rate < 140, `100 a second were shown as ${half.rate}`);
    watch.dispose();
    const before = seen.length;
    await h.send('d', addresses(2));
    await h.until('d');
    await h.clock.advance(1000);
    assert.equal(seen.length, before);
  });

  it('see counts that add up at every moment', async () => {
    const answer = (to: string, nth: number) =>
      to.includes('5') && nth < 1 ? reply('451 4.7.1 greylisted') : undefined;
    h = await Harness.start({ office: { takesMs: 5, answer } });
    await h.send('c', addresses(200, 7));
    for (let moment = 0; moment < 60; moment++) {
      await h.clock.advance(10);
      const { counts, total } = await h.engine.get({ campaign: 'c' });
      const numbers = Object.values(counts);
      assert.equal(
        numbers.reduce((sum, each) => sum + each),
        total,
      );
      assert.ok(
        numbers.every((each) => each >= 0),
        JSON.stringify(counts),
      );
    }
  });
});

describe('the report', () => {
  it('is read by state and address, page by page', async () => {
    const answer = (to: string) => (to.startsWith('r1') ? reply('550 5.1.1 no such user') : undefined);
    h = await Harness.start({ office: { answer } });
    await h.send('c', addresses(20));
    await h.until('c');
    const { engine } = h;
    const rejected = await engine.report({ campaign: 'c', states: ['rejected'], after: 0, limit: 100 });
    assert.equal(rejected.length, 11);
    for (const row of rejected)
      assert.deepEqual([row.cause, row.code, row.enhanced, row.transport], ['unknownUser', 550, '5.1.1', 'office']);
    const found = await engine.report({ campaign: 'c', search: 'r19@', after: 0, limit: 100 });
    assert.deepEqual(
      found.map(({ address }) => address),
      ['r19@d0.example'],
    );
    assert.deepEqual(await engine.report({ campaign: 'c', search: 'r_9@', after: 0, limit: 100 }), [], 'no wildcards');
    const first = await engine.report({ campaign: 'c', after: 0, limit: 15 });
    const rest = await engine.report({ campaign: 'c', after: first.at(-1)?.id ?? 0, limit: 15 });
    assert.equal(new Set([...first, ...rest].map(({ id }) => id)).size, 20);
    const { causes, domains } = await engine.summary({ campaign: 'c' });
    assert.deepEqual([causes[0]?.cause, causes[0]?.count], ['unknownUser', 11]);
    assert.deepEqual(domains, [{ domain: 'd0.example', total: 20, sent: 9, failed: 11, waiting: 0, other: 0 }]);
  });

  it('names an unknown campaign', async () => {
    h = await Harness.start({ office: {} });
    for (const call of ['get', 'pause', 'cancel', 'summary', 'plan'] as const)
      await assert.rejects(h.engine[call]({ campaign: 'nowhere' }), { code: 'unknownCampaign', message: /nowhere/ });
  });
});
