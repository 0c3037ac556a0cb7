import type { DatabaseSync } from 'node:sqlite';
import { Control } from '../../src/engine/control.ts';
import { directDestination } from '../../src/engine/delivery/directPlan.ts';
import { routeFor } from '../../src/engine/delivery/route.ts';
import { Drafts } from '../../src/engine/drafts.ts';
import { listCalls } from '../../src/engine/listCalls.ts';
import type { CampaignRun } from '../../src/engine/queue/run/campaignRun.ts';
import { Runner } from '../../src/engine/queue/run/runner.ts';
import { CampaignStore } from '../../src/engine/queue/store/campaignStore.ts';
import { isDiskTrouble, memoryDatabase } from '../../src/engine/queue/store/database.ts';
import { DeliveryStore } from '../../src/engine/queue/store/deliveryStore.ts';
import { LetterStore } from '../../src/engine/queue/store/letterStore.ts';
import { SuppressionStore } from '../../src/engine/queue/store/suppressionStore.ts';
import { SimulatedServer } from '../../src/engine/simulator/simulatedServer.ts';
import { type SimulatedHost, SimulatedTransport } from '../../src/engine/simulator/simulatedTransport.ts';
import { VirtualClock } from '../../src/engine/simulator/virtualClock.ts';
import { mailHostOf } from '../../src/engine/simulator/world.ts';
import { Snapshots } from '../../src/engine/snapshots.ts';
import { isStaleConnection, judge } from '../../src/engine/verdict/judge.ts';
import type { Clock } from '../../src/shared/clock.ts';
import type { Behaviour } from '../../src/shared/foresight.ts';
import { silentLog } from '../../src/shared/log.ts';
import { DIRECT, secretKey } from '../../src/shared/settings.ts';
import { Disk } from './disk.ts';
import type { Fate } from './fate.ts';

const ID = 'c';
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 30, 9);
/** Longer than anything a campaign may wait for. */
const LONGEST_MS = 90 * 24 * HOUR;
/** So often a person looks after a campaign that has stopped by itself; then it is cancelled. */
const PATIENCE = 6;

/** One thing the outside world saw. */
export interface Seen {
  kind: 'asked' | 'written';
  transport: string;
  reader: string;
  /** By the engine's own clock. */
  at: number;
  /** By everybody else's. */
  trueAt: number;
  /** In which life, and after how many interventions by a person. */
  era: string;
}

/** What came of a campaign, and all that was seen of it. */
export interface Course {
  seen: readonly Seen[];
  rows: readonly { address: string; state: string }[];
  suppressed: readonly string[];
  /** As the servers said. */
  unknown: ReadonlySet<string>;
  /** Connections lost behind a dot, and for each end of a life as many as may have stood. */
  lost: number;
  state: string;
  /** Why it went on no more, though it was not over; "" = it was over. */
  stuck: string;
  lives: number;
}

/** Lives a campaign through everything its fate holds, to its end. */
export async function live(fate: Fate): Promise<Course> {
  const real = await memoryDatabase();
  const outside = new Outside(fate);
  pin(fate, real);
  let now = START;
  let skew = 0;
  let stuck = '';
  let state = '';
  let life = 0;
  for (; ; life++) {
    const crashAt = fate.crashes[life] ?? Number.POSITIVE_INFINITY;
    const clock = new VirtualClock(now);
    const disk = new Disk(real, crashAt, life === 0 ? fate.full : { from: 0, to: 0 });
    outside.begin(clock, disk, life, skew);
    const end = await liveOnce({ clock, disk, outside });
    now = clock.now() + 1000 + (fate.skews[life] ?? 0);
    skew += fate.skews[life] ?? 0;
    if (end.kind === 'crashed') {
      outside.cut();
      continue;
    }
    ({ stuck, state } = end);
    break;
  }
  const rows = real.prepare('SELECT address, state FROM deliveries ORDER BY id').all();
  const suppressed = real.prepare('SELECT entry FROM suppressions').all();
  real.close();
  return {
    seen: outside.seen,
    rows: rows.map((row) => ({ address: String(row.address), state: String(row.state) })),
    suppressed: suppressed.map(({ entry }) => String(entry)),
    unknown: outside.unknown,
    lost: outside.lost,
    state,
    stuck,
    lives: life + 1,
  };
}

function pin({ settings, readers }: Fate, database: DatabaseSync): void {
  const campaigns = new CampaignStore(database);
  const paths = { path: '', sha256: '' };
  campaigns.createDraft(
    {
      ...{ id: ID, kind: 'send', subject: '', newsletter: '{}', settings, hours: null },
      document: { path: '', text: '', commit: '' },
      recipients: paths,
    },
    START,
  );
  const key = campaigns.find(ID)?.key ?? 0;
  const rows = readers.map((address, at) => ({ line: at + 2, address, fields: {} }));
  campaigns.addRows(key, 0, rows, [], { isSuppressed: () => false, taken: () => {} });
  campaigns.begin(key, 'running', 0);
}

interface Life {
  clock: VirtualClock;
  disk: Disk;
  outside: Outside;
}

type End = { kind: 'crashed' } | { kind: 'over'; state: string; stuck: string };

/** One life of the engine: what was under way is recovered, and goes on until it is over or the life is. */
async function liveOnce({ clock, disk, outside }: Life): Promise<End> {
  try {
    const { control, runner, run } = await opened(clock, disk, () => open(clock, disk, outside));
    const limit = clock.now() + LONGEST_MS;
    for (let patience = PATIENCE; ; patience--) {
      const quiet = () => disk.dead || (run.state !== 'running' && run.state !== 'scheduled');
      const end = await clock.run(quiet, limit);
      if (disk.dead) return { kind: 'crashed' };
      if (end !== 'reached') return { kind: 'over', state: run.state, stuck: `${end} while ${run.state}` };
      if (run.state !== 'needsAction') break;
      outside.intervened();
      disk.makeRoom();
      let settled = false;
      // A full disk refuses what a person asks, too; they ask again.
      const handle = async () => (patience > 0 ? control.resume(ID, {}) : control.cancel(ID));
      void handle()
        .catch(() => {})
        .then(() => {
          settled = true;
        });
      await clock.run(() => settled || disk.dead, limit);
      if (patience <= 0) break;
    }
    const closing = runner.close(1000);
    let closed = false;
    void closing.then(() => {
      closed = true;
    });
    await clock.run(() => closed || disk.dead, limit);
    return disk.dead
      ? { kind: 'crashed' }
      : { kind: 'over', state: run.state, stuck: closed ? '' : 'it does not close' };
  } catch (error) {
    if (disk.dead) return { kind: 'crashed' };
    throw error;
  }
}

/** A full disk lets no engine begin; somebody makes room, and it is started again. */
async function opened<T>(clock: VirtualClock, disk: Disk, begin: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await begin();
    } catch (error) {
      if (disk.dead || !isDiskTrouble(error)) throw error;
      await clock.run(() => false, clock.now() + 1000);
    }
  }
}

async function open(
  clock: VirtualClock,
  disk: Disk,
  outside: Outside,
): Promise<{ control: Control; runner: Runner; run: CampaignRun }> {
  const { database } = disk;
  const campaigns = new CampaignStore(database);
  const deliveries = new DeliveryStore(database);
  const compose = async ({ id, address }: { id: number; address: string }) => ({
    ...{ from: '', to: address, messageId: `<${id}@simulated.invalid>`, bytes: new Uint8Array() },
  });
  const suppressions = new SuppressionStore(database);
  let snapshots: Snapshots | null = null;
  const runner: Runner = new Runner({
    ...{ clock, database, campaigns, deliveries, judge, isStale: isStaleConnection, idle: false, log: silentLog },
    suppressions,
    createTransport: (name) => outside.transport(name),
    routeFor: (settings, domain) => routeFor(settings, domain, [mailHostOf(domain)]),
    composer: async () => compose,
    onChange: (changed) => snapshots?.changed(changed),
  });
  snapshots = new Snapshots({ clock, runner, deliveries });
  const letters = new LetterStore(database);
  const drafts = new Drafts(database, campaigns, suppressions, runner.transports);
  const { remove } = listCalls(database, letters, clock, { runner, snapshots, drafts });
  const control = new Control({
    remove,
    ...{ clock, campaigns, deliveries, letters, runner, snapshots, moves: true, waits: false, log: silentLog },
  });
  deliveries.recover(clock.now());
  for (const row of campaigns.all()) await control.load(row);
  return { control, runner, run: control.run(ID) };
}

/** The servers, which live on while the engine dies, and all that they see. */
class Outside {
  readonly seen: Seen[] = [];
  readonly unknown = new Set<string>();
  lost = 0;
  readonly #fate: Fate;
  readonly #servers = new Map<string, SimulatedServer>();
  readonly #clock: Clock;
  #now: VirtualClock = new VirtualClock(START);
  #disk: Disk | null = null;
  #skew = 0;
  #life = 0;
  #interventions = 0;

  constructor(fate: Fate) {
    this.#fate = fate;
    this.#clock = { now: () => this.#now.now() - this.#skew, sleep: (ms, signal) => this.#now.sleep(ms, signal) };
  }

  begin(clock: VirtualClock, disk: Disk, life: number, skew: number): void {
    this.#now = clock;
    this.#disk = disk;
    disk.onDeath = () => {
      this.lost += this.#mostConnections;
    };
    this.#life = life;
    this.#skew = skew;
  }

  /** The engine is dead: its connections are. */
  cut(): void {
    for (const server of this.#servers.values()) server.standing = 0;
  }

  /** As many as there may ever be. */
  get #mostConnections(): number {
    const { settings, readers } = this.#fate;
    const domains = new Set(readers.map((reader) => reader.split('@')[1])).size;
    const direct = Math.min(settings.direct.maxConnections, domains * settings.direct.maxConnectionsPerDestination);
    const relays = Object.values(settings.servers).reduce((sum, { maxConnections }) => sum + maxConnections, 0);
    return relays + (settings.route.flat().includes(DIRECT) ? direct : 0);
  }

  intervened(): void {
    this.#interventions++;
  }

  transport(name: string): SimulatedTransport {
    const { settings } = this.#fate;
    const server = settings.servers[name];
    const disk = this.#disk;
    const note = (kind: Seen['kind'], reader: string, at: number) => {
      // What a dead engine would have said is not heard.
      try {
        disk?.effect();
      } catch {
        return;
      }
      const era = `${this.#life} ${this.#interventions}`;
      this.seen.push({ kind, transport: name, reader, at, trueAt: at - this.#skew, era });
    };
    return new SimulatedTransport(
      { name, accountKey: server ? secretKey(server) : name },
      this.#now,
      (domain) => this.#place(name, domain),
      {
        asked: (_transport, reader, at) => note('asked', reader, at),
        written: (_transport, reader, at) => note('written', reader, at),
        refused: (_transport, reader, { code, enhanced }) => {
          if (code === 550 && enhanced === '5.1.1') this.unknown.add(reader);
        },
        lost: () => {
          this.lost++;
        },
      },
    );
  }

  #place(name: string, domain: string): SimulatedHost {
    const { settings, behaviours, random } = this.#fate;
    const relay = settings.servers[name];
    const host = relay ? relay.host : mailHostOf(domain);
    const behaviour: Behaviour = { ...behaviours[name], ...(relay ? {} : behaviours[`${DIRECT} ${domain}`]) };
    const key = `${name} ${host}`;
    const server = this.#servers.get(key) ?? new SimulatedServer(behaviour, this.#clock, random, 1);
    this.#servers.set(key, server);
    const { connectMs = 100, messageMs = 50 } = behaviour;
    const limits = relay && {
      ...{ maxConnections: relay.maxConnections, maxMessagesPerConnection: relay.maxMessagesPerConnection },
      windows: relay.windows,
      ...(relay.pause ? { pause: relay.pause } : {}),
    };
    const destination = limits
      ? { key: `relay:${name}`, label: name, limits, adaptive: false }
      : directDestination({ groups: [[host]], dane: false, sts: false }, settings.direct, () => this.#now.now());
    return { destination, host, server, connectMs, messageMs };
  }
}
