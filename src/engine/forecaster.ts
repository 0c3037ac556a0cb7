import type { EngineApi } from '../protocol/engineApi.ts';
import type { Clock } from '../shared/clock.ts';
import type { DirectStanding } from '../shared/directStanding.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Behaviour, Foresight, ForesightRequest, KnownLimit, ListShares } from '../shared/foresight.ts';
import { DIRECT, type Settings, secretKey } from '../shared/settings.ts';
import type { EngineDeps } from './engineDeps.ts';
import type { DeliveryStore } from './queue/store/deliveryStore.ts';
import type { LimitStore } from './queue/store/limitStore.ts';
import type { Deferred, KnownHistory } from './simulator/course.ts';
import { foresee, type Known } from './simulator/foresee.ts';

const DAY_MS = 86_400_000;
/** Older measurements say little. */
const FRESH_MS = 30 * DAY_MS;
/** Used without measurements: a typical relay, and recipients' servers. */
const USUAL = {
  relay: { connectMs: 400, messageMs: 120 },
  direct: { connectMs: 800, messageMs: 400 },
};
/** Our own work for a message, without and with a signature. */
const MAKE_MS = { plain: 0.5, signed: 1 };

/** Rows of a running campaign to simulate: some hundredths of a second of CPU time. */
const REST_ROWS = 200;

/** What is left of a campaign under way. */
export interface RemainingWork {
  list: ListShares;
  deferred: Deferred | null;
  /** Until when transports are closed, epoch ms. */
  closed: ReadonlyMap<string, number>;
  /** When it was counted, epoch ms. */
  at: number;
}

/** What the engine has found out in the network. */
type Learned = { [Key in 'directStanding' | 'takesWhole']?: EngineDeps[Key] | undefined };

/**
 * The engine's forecasts: gives the simulator what the store knows of the accounts. One forecast at a time, and none is
 * left when the engine closes.
 */
export class Forecaster {
  readonly #clock: Clock;
  readonly #deliveries: DeliveryStore;
  readonly #limits: LimitStore;
  readonly #learned: Learned;
  readonly #abort = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, deliveries: DeliveryStore, limits: LimitStore, learned: Learned = {}) {
    this.#learned = learned;
    this.#clock = clock;
    this.#deliveries = deliveries;
    this.#limits = limits;
  }

  foresee: EngineApi['foresee'] = (request) => this.#next(() => this.#look(request));

  /** When the rest of a campaign will be done, epoch ms, or 0 if not without a person. Cheap and approximate. */
  rest(settings: Settings, { list, deferred, closed, at }: RemainingWork): Promise<number> {
    return this.#next(async () => {
      const request = { settings, list, startAt: 0 };
      const now = this.#clock.now();
      const down = Object.fromEntries(
        [...closed].map(([name, until]): [string, Behaviour] => [
          name,
          { down: { how: 'refused', fromMs: 0, forMs: Math.max(0, until - now) } },
        ]),
      );
      const { end, endAt } = await this.#look(request, {
        rows: REST_ROWS,
        down,
        countedAt: at,
        ...(deferred ? { deferred } : {}),
      });
      return end === 'done' ? endAt : 0;
    });
  }

  /** Aborted when the engine closes. */
  get closing(): AbortSignal {
    return this.#abort.signal;
  }

  /** Resolves when no forecast is running. */
  async close(): Promise<void> {
    this.#abort.abort(new UserError('engineGone', msg('The engine stopped.'), msg('Try again.')));
    await this.#last;
  }

  /** One at a time. */
  #next<T>(look: () => Promise<T>): Promise<T> {
    const looked = this.#last.then(look);
    this.#last = looked.catch(() => {});
    return looked;
  }

  async #look(
    request: ForesightRequest,
    {
      down = {},
      countedAt = Number.POSITIVE_INFINITY,
      ...how
    }: Pick<Known, 'rows' | 'deferred'> & {
      down?: Record<string, Behaviour>;
      countedAt?: number;
    } = {},
  ): Promise<Foresight> {
    const now = this.#clock.now();
    const { settings } = request;
    const seen = this.#limits.messageTimes(now - FRESH_MS);
    const past: KnownHistory = {
      makeMs: Object.keys(settings.dkim).length > 0 ? MAKE_MS.signed : MAKE_MS.plain,
      pace: (name) => {
        const usual = name === DIRECT ? USUAL.direct : USUAL.relay;
        const messageMs = seen.get(name);
        const speed =
          messageMs === undefined ? usual : { connectMs: Math.min(usual.connectMs, 4 * messageMs), messageMs };
        return { ...speed, depth: this.#depth(settings, name) };
      },
      commits: (key, since, count) =>
        this.#deliveries
          .commits(key, since, count)
          .filter((at) => at <= countedAt)
          .map((at) => Math.min(at, now)),
    };
    const measured = settings.route.flat().every((name) => seen.has(name));
    const behaviours = this.#known(settings, now);
    for (const [name, behaviour] of Object.entries(down)) behaviours[name] = { ...behaviours[name], ...behaviour };
    const world = { name: '', behaviours };
    const seenAhead = await foresee(request, { now, past, world, measured, ...how, signal: this.#abort.signal });
    return { ...seenAhead, direct: this.#direct(seen.has(DIRECT)), limits: this.#limitsOf(settings, now) };
  }

  /** As set, where the server is known to offer what it needs; a day after the last campaign nobody knows. */
  #depth(settings: Settings, name: string): number {
    const server = settings.servers[name];
    const { pipelineDepth = 1 } = server ?? {};
    return server && pipelineDepth > 1 && this.#learned.takesWhole?.(settings, server.host) ? pipelineDepth : 1;
  }

  /** The last network check, or mail recently sent that way. */
  #direct(used: boolean): DirectStanding {
    const checked = this.#learned.directStanding?.() ?? { state: 'unknown' };
    return checked.state === 'unknown' && used ? { state: 'passed' } : checked;
  }

  /** The limits known of servers that the settings do not keep to, as such servers behave. */
  #known(settings: Settings, now: number): Record<string, Behaviour> {
    const limits = Object.entries(this.#limitsOf(settings, now));
    return Object.fromEntries(limits.map(([name, windows]) => [name, { windows }]));
  }

  /** What servers have refused for, or an in-depth test found, by server, where the settings do not keep to it. */
  #limitsOf({ servers }: Settings, now: number): Record<string, KnownLimit[]> {
    const found: Record<string, KnownLimit[]> = {};
    for (const [name, server] of Object.entries(servers)) {
      const account = secretKey(server);
      const learned = this.#limits.of(account);
      const probe = this.#limits.probeOf(account);
      const limits: KnownLimit[] = [];
      if (learned && learned.at >= now - FRESH_MS)
        limits.push({ count: learned.count, perMs: learned.perMs, reply: learned.text });
      if (probe?.rate && probe.at >= now - FRESH_MS)
        limits.push({ count: probe.rate.count, perMs: probe.rate.perMs, reply: probe.text });
      const kept = ({ count, perMs }: KnownLimit) =>
        server.windows.some((window) => window.count <= count && window.perMs >= perMs);
      const unkept = limits.filter((limit) => !kept(limit));
      if (unkept.length > 0) found[name] = unkept;
    }
    return found;
  }
}
