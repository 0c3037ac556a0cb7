import type { DatabaseSync } from 'node:sqlite';
import type { ListShares, Scenario } from '../../shared/foresight.ts';
import { silentLog } from '../../shared/log.ts';
import { type ServerSettings, type Settings, secretKey } from '../../shared/settings.ts';
import type { Destination } from '../../shared/transport.ts';
import { directDestination } from '../delivery/directPlan.ts';
import { routeFor } from '../delivery/route.ts';
import { CampaignRun } from '../queue/run/campaignRun.ts';
import type { Prepared } from '../queue/run/laneEvents.ts';
import { Runner } from '../queue/run/runner.ts';
import { CampaignStore } from '../queue/store/campaignStore.ts';
import { inTransaction, memoryDatabase } from '../queue/store/database.ts';
import { DeliveryStore } from '../queue/store/deliveryStore.ts';
import { SuppressionStore } from '../queue/store/suppressionStore.ts';
import { isStaleConnection, judge } from '../verdict/judge.ts';
import { coarseConnection, coarsePause, coarseWindow, simulatedDomains, thinned } from './grain.ts';
import { SimulatedServer } from './simulatedServer.ts';
import { type ServerObserver, type SimulatedHost, SimulatedTransport } from './simulatedTransport.ts';
import { VirtualClock } from './virtualClock.ts';
import { behaviourOf, mailHostOf } from './world.ts';

/** The speed of a transport, in ms. */
export interface TransportSpeed {
  /** Until a connection can take mail. */
  connectMs: number;
  /** From the end of a message to its reply. */
  messageMs: number;
  /** Messages that may be unanswered at once on one connection; absent: one. */
  depth?: number;
}

/** What is known of the real world before a simulated campaign starts. */
export interface KnownHistory {
  pace(transport: string): TransportSpeed;
  /** Our own work for one message, ms. */
  makeMs: number;
  /** When messages were completed before under a key of the quotas, oldest first. */
  commits(accountKey: string, since: number, count: number): readonly number[];
}

export interface Deferred {
  count: number;
  fromAt: number;
  toAt: number;
}

export interface CourseRequest {
  settings: Settings;
  list: ListShares;
  /** Epoch ms. */
  now: number;
  startAt: number;
  scenario: Scenario;
  past: KnownHistory;
  grain: number;
  /** This many of the list have been put off, evenly, until between these times (epoch ms). */
  deferred?: Deferred;
  /** At least 0, below 1. */
  random(): number;
  witness?: ServerObserver;
}

const BATCH = 5000;

/**
 * A campaign in a simulated world: the runner, limits and policies themselves, on a virtual clock, over simulated
 * servers, with a store in memory. It touches neither the network nor the disk.
 */
export class Course {
  readonly clock: VirtualClock;
  readonly database: DatabaseSync;
  readonly run: CampaignRun;
  readonly #runner: Runner;
  readonly #waits = new Map<string, { transport: string; count: number; perMs: number }>();

  private constructor(clock: VirtualClock, database: DatabaseSync, runner: Runner, run: CampaignRun) {
    this.clock = clock;
    this.database = database;
    this.#runner = runner;
    this.run = run;
  }

  static async begin(request: CourseRequest): Promise<Course> {
    const { settings, list, now, past, grain } = request;
    let course: Course | null = null;
    const clock = new VirtualClock(now);
    const database = await memoryDatabase();
    const campaigns = new CampaignStore(database);
    const deliveries = new RememberingDeliveries(database, past, grain);
    const key = pin(request, campaigns);
    if (request.deferred) putOff(database, key, request.deferred, list.total);
    const places = new Places(request, clock);
    const bench = workbench(clock, past.makeMs * grain);
    const runner = new Runner({
      clock,
      log: silentLog,
      database,
      campaigns,
      deliveries,
      suppressions: new SuppressionStore(database),
      createTransport: (name) =>
        new SimulatedTransport(identity(name, settings), clock, (domain) => places.of(name, domain), request.witness),
      judge,
      isStale: isStaleConnection,
      routeFor: (_settings, domain) => routeFor(settings, domain, [mailHostOf(domain)]),
      composer: async () => bench,
      onChange: () => {
        if (course) course.#watch();
      },
      // A grain takes as long as all its messages: that is not silence.
      ...(grain > 1 ? { silenceMs: Math.ceil(60_000 * grain) } : {}),
      idle: false,
    });
    const row = campaigns.find(ID);
    if (!row) throw new Error('the simulated campaign was not written');
    const { counts } = await deliveries.standing(key);
    const run = new CampaignRun(row, counts, {}, new Map());
    run.order = await deliveries.order(key);
    runner.add(run);
    course = new Course(clock, database, runner, run);
    return course;
  }

  /** Limits of their own that transports had to wait for. */
  get waits(): { transport: string; count: number; perMs: number }[] {
    return [...this.#waits.values()];
  }

  /** Notes which limits are used up at the moment. */
  #watch(): void {
    const { run, clock } = this;
    const now = clock.now();
    for (const [name, { windows }] of Object.entries(run.settings.servers)) {
      const lane = windows.length > 0 ? this.#runner.lanes.only(this.#runner.transports.get(name, run.settings)) : null;
      if (!lane || (lane.hold.limited(now) === 0 && !lane.wanted)) continue;
      for (const [at, window] of lane.destination.limits.windows.entries()) {
        const set = windows[at];
        const rolling = lane.account.window(window, now);
        if (set && rolling.freeAt(now) > now && rolling.usedUp)
          this.#waits.set(`${name} ${at}`, { transport: name, count: set.count, perMs: set.perMs });
      }
    }
  }

  /** Runs it to its end, or to a time. Rejects when the signal aborts. */
  async toTheEnd(limit: number, signal?: AbortSignal): Promise<'done' | 'stopped' | 'open'> {
    const { run } = this;
    await this.clock.run(() => run.state !== 'running' && run.state !== 'scheduled', limit, signal);
    if (run.state === 'done') return 'done';
    return run.state === 'needsAction' ? 'stopped' : 'open';
  }

  /** Whatever still waits is dropped. */
  async close(): Promise<void> {
    const closing = this.#runner.close(0);
    await this.clock.run(() => false, this.clock.now() + 60_000);
    await closing;
    this.database.close();
  }
}

const ID = 'simulated';

function pin(request: CourseRequest, campaigns: CampaignStore): number {
  const { settings, list, now, startAt, grain } = request;
  campaigns.createDraft(
    {
      id: ID,
      kind: 'send',
      subject: '',
      newsletter: '{}',
      settings,
      document: { path: '', text: '', commit: '' },
      recipients: { path: '', sha256: '' },
      hours: settings.sendingHours,
    },
    now,
  );
  const key = campaigns.find(ID)?.key ?? 0;
  let line = 1;
  let sequence = 0;
  let rows: { line: number; address: string; fields: Record<string, string> }[] = [];
  const flush = () => {
    campaigns.addRows(key, sequence++, rows, [], { isSuppressed: () => false, taken: () => {} });
    rows = [];
  };
  for (const address of readersOf(list, grain)) {
    rows.push({ line: ++line, address, fields: {} });
    if (rows.length === BATCH) flush();
  }
  flush();
  campaigns.begin(key, startAt > now ? 'scheduled' : 'running', startAt);
  return key;
}

/** Every nth waits until its time; the first time is the first one's. */
function putOff(database: DatabaseSync, key: number, { count, fromAt, toAt }: Deferred, total: number): void {
  const ids = database.prepare('SELECT id FROM deliveries WHERE campaign = ? ORDER BY id').all(key);
  const later = database.prepare(`UPDATE deliveries SET state = 'deferred', tries = 1, next_at = ? WHERE id = ?`);
  const wanted = Math.min(ids.length, Math.round((count * ids.length) / Math.max(1, total)));
  inTransaction(database, () => {
    for (let at = 0; at < wanted; at++) {
      const row = ids[Math.floor(((at + 0.5) * ids.length) / wanted)];
      const share = wanted > 1 ? at / (wanted - 1) : 1;
      later.run(Math.round(fromAt + (toAt - fromAt) * share), Number(row?.id));
    }
  });
}

/** The recipients themselves where they are known, or as many invented ones, by domain. */
function* readersOf(list: ListShares, grain: number): Generator<string> {
  if (grain === 1 && list.addresses?.length === list.total) return yield* list.addresses;
  let line = 1;
  for (const { name, rows } of simulatedDomains(list, grain))
    for (let at = 0; at < rows; at++) yield `reader-${++line}@${name}`;
}

/** Messages are made one after another, as on one processor. */
function workbench(clock: VirtualClock, makeMs: number) {
  const bytes = new Uint8Array();
  let busyUntil = 0;
  return async ({ id, address }: { id: number; address: string }): Promise<Prepared> => {
    const now = clock.now();
    busyUntil = Math.max(busyUntil, now) + makeMs;
    if (busyUntil > now) await clock.sleep(busyUntil - now);
    return { from: '', to: address, messageId: `<${id}@simulated.invalid>`, bytes };
  };
}

/** What was sent before counts in today's windows. */
class RememberingDeliveries extends DeliveryStore {
  readonly #past: KnownHistory;
  readonly #grain: number;

  constructor(database: DatabaseSync, past: KnownHistory, grain: number) {
    super(database);
    this.#past = past;
    this.#grain = grain;
  }

  override commits(accountKey: string, since: number, count: number): number[] {
    const before = thinned(this.#past.commits(accountKey, since, Math.ceil(count * this.#grain)), this.#grain);
    return [...before, ...super.commits(accountKey, since, count)].slice(-count);
  }
}

function identity(name: string, { servers }: Settings): { name: string; accountKey: string } {
  const server = servers[name];
  return { name, accountKey: server ? secretKey(server) : name };
}

/** Where mail goes: one place for a relay, one per mail system for direct. */
class Places {
  readonly #request: CourseRequest;
  readonly #clock: VirtualClock;
  readonly #made = new Map<string, SimulatedHost>();
  readonly #servers = new Map<string, SimulatedServer>();
  readonly #readers: ReadonlyMap<string, number>;

  constructor(request: CourseRequest, clock: VirtualClock) {
    this.#request = request;
    this.#clock = clock;
    this.#readers = new Map(simulatedDomains(request.list, request.grain).map(({ name, readers }) => [name, readers]));
  }

  of(transport: string, domain: string): SimulatedHost {
    const { settings, grain } = this.#request;
    const server = settings.servers[transport];
    const host = server ? server.host : mailHostOf(domain);
    const key = `${transport} ${host}`;
    let place = this.#made.get(key);
    if (place) return place;
    const whole = server
      ? relayDestination(transport, server)
      : directDestination({ groups: [[host]], dane: false, sts: false }, settings.direct, () => this.#clock.now());
    const readers = server ? this.#request.list.total : (this.#readers.get(domain) ?? 1);
    const { messages, longer } = coarseConnection(whole.limits.maxMessagesPerConnection, readers, grain);
    const behaviour = behaviourOf(this.#request.scenario, transport, host);
    const pace = this.#request.past.pace(transport);
    const messageMs = behaviour.messageMs ?? pace.messageMs;
    const { depth = 1 } = pace;
    place = {
      destination: coarse(whole, messages, grain),
      host,
      server: this.#server(transport, host),
      connectMs: (behaviour.connectMs ?? pace.connectMs) * longer,
      envelopeMs: messageMs * longer,
      // What is unanswered at once is part of one grain.
      ...(grain === 1 ? { messageMs, depth } : { messageMs: (messageMs * grain) / depth }),
    };
    this.#made.set(key, place);
    return place;
  }

  /** The hosts of a relay or of one mail system count as one. */
  #server(transport: string, host: string): SimulatedServer {
    const { scenario, random, grain } = this.#request;
    const key = `${transport} ${host}`;
    let server = this.#servers.get(key);
    if (!server) {
      server = new SimulatedServer(behaviourOf(scenario, transport, host), this.#clock, () => random(), grain);
      this.#servers.set(key, server);
    }
    return server;
  }
}

function relayDestination(name: string, server: ServerSettings): Destination {
  const { maxConnections, maxMessagesPerConnection, windows, pause } = server;
  return {
    key: `relay:${secretKey(server)}`,
    label: name,
    limits: { maxConnections, maxMessagesPerConnection, windows, ...(pause ? { pause } : {}) },
    adaptive: false,
  };
}

function coarse(whole: Destination, maxMessagesPerConnection: number, grain: number): Destination {
  if (grain === 1) return whole;
  const { limits, operator } = whole;
  const { pause } = limits;
  return {
    ...whole,
    limits: {
      maxConnections: limits.maxConnections,
      maxMessagesPerConnection,
      ...(pause ? { pause: coarsePause(pause, grain) } : {}),
      // A warm-up's change from day to day.
      get windows() {
        return limits.windows.map((window) => coarseWindow(window, grain));
      },
    },
    ...(operator
      ? { operator: { ...operator, windows: operator.windows.map((window) => coarseWindow(window, grain)) } }
      : {}),
  };
}
