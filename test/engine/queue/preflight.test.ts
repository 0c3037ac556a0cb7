import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { preflight } from '../../../src/letter/preflight.ts';
import type { ServerTestStep } from '../../../src/protocol/engineApi.ts';
import type { AttemptEnd } from '../../../src/shared/outcome.ts';
import { fault } from '../../support/fakeTransport.ts';
import { addresses, Harness, MINUTE } from './harness.ts';

let h: Harness;
afterEach(() => h.close());

const never = () => new Promise<never>(() => {});
const failed = (step: ServerTestStep['step'], end: AttemptEnd) => async () => ({
  steps: [{ step, ok: false, detail: 'as found' }],
  end,
});
/** With the test before it, so long after the start the first message must be on its way over the backup. */
const AT_ONCE_MS = 12_000;

async function preflightAndSend(id: string, list: readonly string[]) {
  const route = ['office', 'direct'];
  const trying = preflight(h.engine, h.settings({ route }), {}, h.clock);
  let found: Awaited<typeof trying> | undefined;
  void trying.then((result) => {
    found = result;
  });
  await h.clock.until(() => found !== undefined, AT_ONCE_MS);
  await h.send(id, list, { settings: { route } });
  return found;
}

describe('what the test before a campaign learns is not tested again by the campaign', () => {
  it('a silent relay: all go via the backup within 12 s of both, and nothing connects to it again', async () => {
    h = await Harness.start({ office: { open: never }, direct: {} });
    h.testServer = never;
    const list = addresses(60);
    const start = h.clock.now();
    const found = await preflightAndSend('c', list);
    assert.deepEqual(
      found?.failures.map(({ server }) => server),
      ['office'],
    );
    assert.equal(found?.otherWay, true);
    await h.clock.until(
      () => h.transport('direct').accepted.length === list.length,
      AT_ONCE_MS - (h.clock.now() - start),
    );
    assert.equal(h.transport('office').opened, 0);
    const { transports } = await h.engine.get({ campaign: 'c' });
    assert.match(transports.find(({ name }) => name === 'office')?.lastError ?? '', /nothing was heard from office/);
  });

  it('a relay that refuses connections is skipped from the start, and probed later', async () => {
    h = await Harness.start({ office: {}, direct: { takesMs: 2000, limits: { maxConnections: 1 } } });
    h.testServer = failed('connect', fault('connect', 'refused'));
    await preflightAndSend('c', addresses(300));
    await h.clock.advance(30_000);
    assert.equal(h.transport('office').opened, 0);
    await h.clock.until(() => h.transport('office').accepted.length > 0, 3 * MINUTE);
  });

  it('a wrong password closes nothing for others: it may be right by then', async () => {
    h = await Harness.start({ office: {}, direct: {} });
    h.testServer = failed('auth', fault('auth', 'authUnavailable'));
    await preflightAndSend('c', addresses(20));
    await h.until('c');
    assert.equal(h.transport('office').accepted.length, 20);
  });

  it('a relay that was closed is open again once a test says that it works', async () => {
    let down = true;
    h = await Harness.start({ office: { open: () => (down ? fault('connect', 'refused') : undefined) } });
    await h.send('first', addresses(5));
    await h.clock.advance(5_000);
    assert.equal((await h.counts('first')).sent, undefined);
    down = false;
    await preflight(h.engine, h.settings(), {}, h.clock);
    await h.clock.until(() => h.transport('office').accepted.length >= 4, 5_000);
  });

  it('a slow one is waited for where it is the only transport', async () => {
    h = await Harness.start({ office: {} });
    h.testServer = async () => h.clock.sleep(15_000).then(() => ({ steps: [], end: null }));
    const trying = preflight(h.engine, h.settings(), {}, h.clock);
    await h.clock.advance(15_000);
    assert.deepEqual(await trying, { failures: [], otherWay: true });
  });
});
