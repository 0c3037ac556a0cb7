import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { FakeTransport, reply } from '../support/fakeTransport.ts';
import { addresses, Harness } from './queue/harness.ts';

/** What SIGKILL leaves behind: the state directory as it was at that moment. */
interface Remains {
  dir: string;
  when: string;
  taken: readonly string[];
}

describe('an engine that dies at any step of any message', () => {
  const list = addresses(24, 2);
  const maxConnections = 3;
  const folder = mkdtempSync(join(tmpdir(), 'envoi-remains-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function allRemains(): Promise<Remains[]> {
    const remains: Remains[] = [];
    const taken: string[] = [];
    let stateDir = '';
    const keep = (when: string) => {
      const dir = join(folder, String(remains.length));
      cpSync(stateDir, dir, { recursive: true });
      remains.push({ dir, when, taken: [...taken] });
    };
    const h = await Harness.start({
      office: {
        limits: { maxConnections },
        takesMs: 30,
        answer: (to, nth) => {
          keep(`${to} was offered`);
          return to.startsWith('r5') && nth === 0 ? reply('451 4.7.1 greylisted') : undefined;
        },
        taken: (to) => {
          taken.push(to);
          keep(`${to} was taken and not yet answered`);
        },
      },
    });
    stateDir = h.stateDir;
    await h.send('c', list);
    await h.until('c');
    await h.close();
    assert.deepEqual(taken.toSorted(), list.toSorted());
    return remains;
  }

  it('has lost nobody and sent nobody two, and at most one message per connection is in doubt', async () => {
    const remains = await allRemains();
    assert.ok(remains.length > list.length * 2);
    let doubts = 0;
    for (const { dir, when, taken } of remains) {
      const next = new Harness();
      cpSync(dir, next.stateDir, { recursive: true });
      next.transports.office = new FakeTransport('office', next.clock);
      await next.open();
      await next.until('c');
      const got = [...taken, ...next.transport('office').accepted.map(({ to }) => to)];
      const rows = await next.engine.report({ campaign: 'c', states: ['inDoubt'], after: 0, limit: 100 });
      const doubtful = rows.map(({ address }) => address);
      assert.equal(new Set(got).size, got.length, `twice, as ${when}`);
      assert.deepEqual([...new Set([...got, ...doubtful])].toSorted(), list.toSorted(), `lost, as ${when}`);
      assert.ok(doubtful.length <= maxConnections, `${doubtful.length} in doubt, as ${when}`);
      doubts += doubtful.length;
      await next.close();
    }
    assert.ok(doubts >= list.length, 'the moments that matter were among them');
  });
});
