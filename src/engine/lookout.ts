import type { EngineApi } from '../protocol/engineApi.ts';
import type { Clock } from '../shared/clock.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Behaviour, Foresight, ForesightRequest } from '../shared/foresight.ts';
import { DIRECT, type Settings, secretKey } from '../shared/settings.ts';
import type { DeliveryStore } from './queue/store/deliveryStore.ts';
import type { LimitStore } from './queue/store/limitStore.ts';
import type { Past } from './simulator/course.ts';
import { foresee } from './simulator/foresee.ts';

const DAY_MS = 86_400_000;
/** What was seen longer ago says little. */
const FRESH_MS = 30 * DAY_MS;
/** Where nothing was seen yet: a usual relay, and other people's servers. */
const USUAL = {
  relay: { connectMs: 400, messageMs: 120 },
  direct: { connectMs: 800, messageMs: 400 },
};
/** Our own work for a message, without and with a signature. */
const MAKE_MS = { plain: 0.5, signed: 1 };

/**
 * Looks ahead for the engine: tells the simulator what the store knows of the accounts. One look at a time, and none is
 * left when the engine closes.
 */
export class Lookout {
  readonly #clock: Clock;
  readonly #deliveries: DeliveryStore;
  readonly #limits: LimitStore;
  readonly #abort = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, deliveries: DeliveryStore, limits: LimitStore) {
    this.#clock = clock;
    this.#deliveries = deliveries;
    this.#limits = limits;
  }

  foresee: EngineApi['foresee'] = (request) => {
    const look = this.#last.then(() => this.#look(request));
    this.#last = look.catch(() => {});
    return look;
  };

  /** Resolves when nobody looks any more. */
  async close(): Promise<void> {
    this.#abort.abort(new UserError('engineGone', msg('The engine ended.'), msg('Ask again.')));
    await this.#last;
  }

  async #look(request: ForesightRequest): Promise<Foresight> {
    const now = this.#clock.now();
    const { settings } = request;
    const seen = this.#limits.replyTimes(now - FRESH_MS);
    const past: Past = {
      makeMs: Object.keys(settings.dkim).length > 0 ? MAKE_MS.signed : MAKE_MS.plain,
      pace: (name) => {
        const usual = name === DIRECT ? USUAL.direct : USUAL.relay;
        const messageMs = seen.get(name);
        return messageMs === undefined ? usual : { connectMs: Math.min(usual.connectMs, 4 * messageMs), messageMs };
      },
      commits: (key, since, count) => this.#deliveries.commits(key, since, count).map((at) => Math.min(at, now)),
    };
    const measured = settings.route.flat().every((name) => seen.has(name));
    const world = { name: '', behaviours: this.#known(settings, now) };
    return foresee(request, { now, past, world, measured, signal: this.#abort.signal });
  }

  /** Limits that servers have refused for, and that the settings do not keep to. */
  #known(settings: Settings, now: number): Record<string, Behaviour> {
    const known: Record<string, Behaviour> = {};
    for (const [name, server] of Object.entries(settings.servers)) {
      const learned = this.#limits.of(secretKey(server));
      if (!learned || learned.at < now - FRESH_MS) continue;
      const kept = server.windows.some(({ count, perMs }) => count <= learned.count && perMs >= learned.perMs);
      const { count, perMs, text } = learned;
      if (!kept) known[name] = { windows: [{ count, perMs, reply: text }] };
    }
    return known;
  }
}
