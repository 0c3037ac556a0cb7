import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Connection, type ConnectionOwner } from '../../../src/engine/queue/run/connection.ts';
import type { LanePorts, LaneShares } from '../../../src/engine/queue/run/laneEvents.ts';
import type { Delivery } from '../../../src/engine/queue/store/delivery.ts';
import type { AttemptEnd } from '../../../src/shared/outcome.ts';
import type { Session, Transport } from '../../../src/shared/transport.ts';
import { FakeClock, settled } from '../../support/fakeClock.ts';

const taken: AttemptEnd = { kind: 'reply', stage: 'dot', reply: { code: 250, enhanced: '', text: 'ok' } };

/** A connection with three deliveries before it, over a session that takes its time. */
function begin({ probing = false } = {}) {
  const told: string[] = [];
  const waiting = [1, 2, 3];
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
      const sending = { answered: step(), ready: step(), end: step().then(() => taken) };
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
        delivery: { id } as Delivery,
        reservation: { commit: () => {}, release: () => told.push(`releases ${id}`) },
      };
    },
    connected: () => {},
    disconnected: () => {},
    unreachable: () => {},
    ended: async ({ delivery }) => void told.push(`ended ${delivery.id}`),
    untried: ({ id }) => void told.push(`untried ${id}`),
    silent: () => {},
  };
  const ports = {
    clock: new FakeClock(),
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
  return { told, steps, running, lose };
}

describe('a connection', () => {
  it('makes the next message while the content of this one is being received, and not before its envelope is accepted', async () => {
    const { told, steps } = begin();
    await settled();
    assert.deepEqual(told, ['makes 1', 'sends 1']);
    steps[0]?.answered();
    await settled();
    assert.deepEqual(told, ['makes 1', 'sends 1', 'makes 2'], 'one ahead, and no more');
    steps[0]?.ready();
    await settled();
    assert.deepEqual(told, ['makes 1', 'sends 1', 'makes 2', 'sends 2']);
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
