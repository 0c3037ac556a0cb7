import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Connection, type ConnectionOwner } from '../../../src/engine/queue/run/connection.ts';
import type { LanePorts, LaneShares } from '../../../src/engine/queue/run/laneEvents.ts';
import type { Delivery } from '../../../src/engine/queue/store/delivery.ts';
import type { AttemptEnd } from '../../../src/shared/outcome.ts';
import type { Session, Transport } from '../../../src/shared/transport.ts';
import { FakeClock, settled } from '../../support/fakeClock.ts';

const taken: AttemptEnd = { kind: 'reply', stage: 'dot', reply: { code: 250, enhanced: '', text: 'ok' } };

/** A connection with four deliveries before it, over a session that takes its time. */
function begin({ probing = false, ends = taken, route = ['office', 'direct'] } = {}) {
  const told: string[] = [];
  const waiting = [1, 2, 3, 4];
  const steps: { answered(): void; ready(): void; end(): void }[] = [];
  let usable = true;
  const session: Session = {
    host: 'mx',
    address: '',
    tls: '',
    remaining: Number.POSITIVE_INFINITY,
    get usable() {
      return usable;
    },
    send: ({ to }) => {
      told.push(`sends ${to}`);
      const resolvers: (() => void)[] = [];
      const step = () => new Promise<void>((resolve) => resolvers.push(resolve));
      const sending = { answered: step(), ready: step(), end: step().then(() => ends) };
      const [answered, ready, end] = resolvers;
      if (!answered || !ready || !end) throw new Error('three steps');
      steps.push({ answered, ready, end });
      return sending;
    },
    quit: async () => void told.push('quits'),
    destroy: () => {},
  };
  const transport = { name: 'office', accountKey: 'office', openSession: async () => ({ kind: 'session', session }) };
  const limits = { maxConnections: 1, maxMessagesPerConnection: 100, windows: [] };
  const owner: ConnectionOwner = {
    transport: transport as unknown as Transport,
    destination: { key: 'office', label: '', limits, adaptive: false },
    get wanted() {
      return waiting.length > 0;
    },
    next: async () => {
      const id = waiting.shift();
      if (id === undefined) return null;
      return {
        delivery: { id, way: 0, route } as unknown as Delivery,
        reservation: { commit: () => {}, release: () => told.push(`releases ${id}`) },
      };
    },
    connected: () => {},
    disconnected: () => {},
    unreachable: () => {},
    ended: async ({ delivery }) => void told.push(`ended ${delivery.id}`),
    untried: ({ id }) => void told.push(`untried ${id}`),
    silent: () => void told.push('silent'),
  };
  const clock = new FakeClock();
  const ports = {
    clock,
    silenceMs: 10_000,
    mayStart: () => true,
    prepare: async ({ id }: Delivery) => {
      told.push(`makes ${id}`);
      return { from: '', to: String(id), messageId: '', bytes: new Uint8Array() };
    },
    intend: async () => ({ committedAt: 1, messageId: '' }),
    probing: () => probing,
    isStale: () => false,
  } as unknown as LanePorts;
  const permit = { establish: async () => {}, leave: () => {} };
  const shares = { accountKey: 'office', gate: { enter: async () => permit }, seats: null } as unknown as LaneShares;
  const running = new Connection(owner, ports, shares, new AbortController().signal).run();
  const lose = () => {
    usable = false;
  };
  return { told, steps, running, lose, clock };
}

describe('a connection', () => {
  it('makes the next message once the envelope of this one is accepted, and once messages are accepted, at once', async () => {
    const { told, steps } = begin();
    await settled();
    assert.deepEqual(told, ['makes 1', 'sends 1']);
    steps[0]?.answered();
    await settled();
    assert.deepEqual(told, ['makes 1', 'sends 1', 'makes 2'], 'one ahead, and no more');
    steps[0]?.ready();
    await settled();
    assert.deepEqual(told.slice(3), ['sends 2'], 'nothing has been accepted yet');
    steps[0]?.end();
    await settled();
    steps[1]?.answered();
    await settled();
    assert.deepEqual(told.slice(4), ['releases 1', 'ended 1', 'makes 3']);
    steps[1]?.ready();
    await settled();
    assert.deepEqual(told.slice(7), ['sends 3', 'makes 4']);
  });

  it('makes none ahead before the envelope is accepted where the latest message was refused', async () => {
    const { told, steps } = begin({ ends: { ...taken, reply: { code: 550, enhanced: '', text: 'no' } } });
    await settled();
    for (const step of [steps[0]?.answered, steps[0]?.ready, steps[0]?.end]) step?.();
    await settled();
    for (const step of [steps[1]?.answered, steps[1]?.ready]) step?.();
    await settled();
    assert.equal(told.at(-1), 'sends 3');
  });

  for (const route of [['office', 'direct'], ['office']])
    it(`${route.length > 1 ? 'gives back' : 'keeps'} what was made ahead when the server is silent, if the route is ${route}`, async () => {
      const { told, steps, clock } = begin({ route });
      await settled();
      for (const step of [steps[0]?.answered, steps[0]?.ready, steps[0]?.end]) step?.();
      await settled();
      for (const step of [steps[1]?.answered, steps[1]?.ready]) step?.();
      await settled();
      assert.deepEqual(told.slice(-2), ['sends 3', 'makes 4']);
      await clock.advance(10_000);
      assert.deepEqual(told.slice(9), route.length > 1 ? ['silent', 'releases 4', 'untried 4'] : ['silent']);
    });

  it('makes none ahead while it is unknown whether anything gets through', async () => {
    const { told, steps } = begin({ probing: true });
    await settled();
    steps[0]?.answered();
    steps[0]?.ready();
    await settled();
    assert.deepEqual(told, ['makes 1', 'sends 1']);
  });

  it('when lost, gives back what it had made ahead, and its place in the limits', async () => {
    const { told, steps, running, lose } = begin();
    await settled();
    steps[0]?.answered();
    await settled();
    lose();
    for (const step of [steps[0]?.ready, steps[0]?.end]) step?.();
    await running;
    assert.deepEqual(told.toSorted(), [
      'ended 1',
      'makes 1',
      'makes 2',
      'quits',
      'releases 1',
      'releases 2',
      'sends 1',
      'untried 2',
    ]);
  });
});
