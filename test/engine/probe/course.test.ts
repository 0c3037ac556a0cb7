import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProbeFindings, probeCourse } from '../../../src/engine/probe/course.ts';
import { ProbeActions } from '../../../src/engine/probe/probeActions.ts';
import type { ProbeStep } from '../../../src/engine/probe/steps.ts';
import { seededRandom } from '../../../src/shared/seededRandom.ts';
import { PROBE_BUDGET, type ProbeBudget } from '../../../src/shared/serverProbe.ts';
import { type Model, ModelServer } from './modelServer.ts';
import { randomModel } from './randomServers.ts';

const unlimited: Model = {
  connections: Number.POSITIVE_INFINITY,
  perConnection: Number.POSITIVE_INFINITY,
  rate: null,
  connects: null,
  closes: { full: true, rate: false },
  messageMs: 60,
  connectMs: 200,
  offsetMs: 12_345,
};

interface Probed {
  found: ProbeFindings;
  server: ModelServer;
  steps: readonly ProbeStep[];
}

function probe(model: Model, budget: ProbeBudget = PROBE_BUDGET, random = seededRandom(1)): Probed {
  const server = new ModelServer(model, random);
  const beganAt = server.now;
  const course = probeCourse(new ProbeActions(budget, beganAt));
  const steps: ProbeStep[] = [];
  let step = course.next();
  while (!step.done) {
    steps.push(step.value);
    step = course.next(server.take(step.value));
  }
  const asked = steps.filter(({ do: what }) => what === 'send').length;
  assert.ok(asked <= budget.messages, `${asked} messages of ${budget.messages}`);
  const longest = model.connectMs + model.messageMs;
  assert.ok(server.now - beganAt <= budget.forMs + 2 * longest, `${server.now - beganAt} ms`);
  return { found: step.value, server, steps };
}

const seconds = (n: number) => n * 1_000;
const rows: readonly [string, Partial<Model>, Partial<ProbeFindings>][] = [
  [
    'three connections, twenty messages a connection, sixty a minute',
    {
      connections: 3,
      perConnection: 20,
      rate: { kind: 'window', count: 60, perMs: seconds(60), begins: 'first' },
    },
    {
      connections: { limit: 3, seen: 3 },
      perConnection: { limit: 20, seen: 20 },
      refusedAfter: 60,
      rate: { shape: 'window', count: 60, perMs: seconds(60) },
    },
  ],
  [
    'no limit at all',
    {},
    {
      ended: 'messages',
      messages: 100,
      connections: { limit: null, seen: 20 },
      perConnection: { limit: null, seen: 100 },
      refusedAfter: null,
      rate: null,
      text: '',
    },
  ],
  ['a single connection', { connections: 1 }, { connections: { limit: 1, seen: 1 } }],
  [
    'a single message over each of two connections',
    { connections: 2, perConnection: 1 },
    { connections: { limit: 2, seen: 2 }, perConnection: { limit: 1, seen: 1 } },
  ],
  [
    'a limit on how often one connects, which is none on how many connections stand',
    { connects: { count: 6, perMs: seconds(60) } },
    { connections: { limit: null, seen: 6 } },
  ],
  [
    'counters by the server’s own minute, of which a part had gone',
    { rate: { kind: 'window', count: 10, perMs: seconds(60), begins: 'aligned' } },
    { rate: { shape: 'window', count: 10, perMs: seconds(60) } },
  ],
  [
    'a window longer than the test, of which only the number is seen',
    { rate: { kind: 'window', count: 30, perMs: seconds(3_600), begins: 'first' } },
    { ended: 'time', refusedAfter: 30, rate: null },
  ],
  [
    'a full connection that stays open, and no rate',
    { perConnection: 33, closes: { full: false, rate: false } },
    { perConnection: { limit: 33, seen: 33 } },
  ],
  [
    'a connection that carries more than the rate lets through at once',
    { perConnection: 15, rate: { kind: 'window', count: 10, perMs: seconds(10), begins: 'first' } },
    { perConnection: { limit: 15, seen: 15 }, rate: { shape: 'window', count: 10, perMs: seconds(10) } },
  ],
  // What Postfix does to a connection of many errors (smtpd_soft_error_limit).
  [
    'replies that are held back after a few refusals',
    {
      connections: 2,
      tarpit: { refusals: 4, ms: 4_000 },
      rate: { kind: 'window', count: 15, perMs: seconds(10), begins: 'first' },
    },
    {
      connections: { limit: 2, seen: 2 },
      perConnection: { limit: null, seen: 29 },
      rate: { shape: 'window', count: 15, perMs: seconds(10) },
    },
  ],
];
for (const [name, model, expected] of rows) {
  test(`a server of ${name} is measured correctly`, () => {
    const { found } = probe({ ...unlimited, ...model });
    const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, found[key as keyof ProbeFindings]]));
    assert.deepEqual(seen, expected);
  });
}

test('a smaller budget is respected, in messages and in time', () => {
  for (const messages of [1, 2, 10])
    assert.equal(probe(unlimited, { messages, forMs: 180_000 }).found.messages, messages);
  const slow = { ...unlimited, messageMs: 4_000 };
  assert.equal(probe(slow, { messages: 100, forMs: 30_000 }).found.ended, 'time');
});

test('no connection can be opened at all', () => {
  const { found, steps } = probe({ ...unlimited, connections: 0 });
  assert.equal(found.ended, 'unreachable');
  assert.deepEqual(steps, [{ do: 'open' }]);
});

const perMinute = ({ count, perMs }: { count: number; perMs: number }) => (count * 60_000) / perMs;

function randomProbes(from: number, to: number) {
  const all = [];
  for (let seed = from; seed <= to; seed++) {
    const random = seededRandom(seed);
    const model = randomModel(random);
    all.push({ seed, model, ...probe(model, PROBE_BUDGET, random) });
  }
  return all;
}

/** What is said wrongly of a server; what is not seen is no mistake. */
function mistakes({ model, found }: { model: Model; found: ProbeFindings }): string[] {
  const wrong: string[] = [];
  const { connections, perConnection, rate } = found;
  const most = model.connections >= 20 ? null : model.connections;
  if (connections.limit !== most && !(connections.limit === null && model.connects)) wrong.push('connections');
  if (connections.seen > model.connections) wrong.push('connections seen');
  if (perConnection.limit !== null && perConnection.limit !== model.perConnection) wrong.push('per connection');
  if (perConnection.seen > model.perConnection) wrong.push('carried');
  if (rate) {
    const known = model.rate?.kind === 'bucket' ? model.rate.perMinute : model.rate ? perMinute(model.rate) : 0;
    if (Math.abs(perMinute(rate) - known) > 0.25 * known) wrong.push('rate');
  }
  return wrong;
}

test('a hundred random servers are measured without error: connections and messages per connection exactly, the rate within 25 %', () => {
  for (const each of randomProbes(1, 100)) {
    assert.deepEqual(mistakes(each), [], `seed ${each.seed}: ${JSON.stringify([each.model, each.found])}`);
  }
});

test('of two thousand, at most one in five hundred is measured wrongly; most limits are found, with their shape', () => {
  const all = randomProbes(1, 2_000);
  assert.ok(all.filter((each) => mistakes(each).length > 0).length <= 4);
  const share = (kind: 'window' | 'bucket') => {
    const such = all.filter(({ model }) => model.rate?.kind === kind);
    return such.filter(({ found }) => found.rate?.shape === kind).length / such.length;
  };
  assert.ok(share('window') >= 0.65, `${share('window')} of the windows`);
  assert.ok(share('bucket') >= 0.95, `${share('bucket')} of the buckets`);
  // A connection's limit is found wherever the budget reaches it: it shows before the rate does.
  const reachable = all.filter(
    ({ model, found }) => model.perConnection < (found.refusedAfter ?? 50) && !model.connects,
  );
  const exact = reachable.filter(({ model, found }) => found.perConnection.limit === model.perConnection);
  assert.ok(exact.length >= 0.98 * reachable.length, `${exact.length} of ${reachable.length} connections`);
});
