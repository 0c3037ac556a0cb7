import type { Cause } from '../../../shared/outcome.ts';
import type { Settings } from '../../../shared/settings.ts';
import { DIRECT, secretKey } from '../../../shared/settings.ts';
import type { Transport } from '../../../shared/transport.ts';
import type { WayState } from '../policy/chooseWay.ts';
import { probeDelay } from '../policy/schedule.ts';
import type { Delivery } from '../store/delivery.ts';

/** `secret` gives the present password or token, "" without one: tokens are renewed while connections come and go. */
export type CreateTransport = (name: string, settings: Settings, secret: () => string) => Transport;

/** Why a transport takes nothing for now. */
export interface Closure {
  until: number;
  /** When it closed first without having worked since. */
  since: number;
  cause: Cause;
  text: string;
  /** This machine has no network: nobody's fault, and no try is counted. */
  offline: boolean;
  needsAction: boolean;
}

interface State {
  closure: Closure;
  failures: number;
  /** The delivery that finds out whether it works again, where others have another way. */
  probe: Delivery | null;
  probeAt: number;
}

/** A probe that has not come back by then is given up. */
const PROBE_MS = 120_000;

/**
 * The transports in use, one per server and settings, and their health, which belongs to the account. Closed: nothing is
 * tried. When its time is over it is half open: one connection, and of the deliveries with a backup only one, finds out.
 */
export class Transports {
  readonly #create: CreateTransport;
  readonly #made = new Map<string, Transport>();
  /** Asked for with every delivery. */
  readonly #bySettings = new WeakMap<Settings, Map<string, Transport>>();
  readonly #states = new Map<string, State>();
  readonly secrets = new Map<string, string>();

  constructor(create: CreateTransport) {
    this.#create = create;
  }

  get(name: string, settings: Settings): Transport {
    const own = this.#bySettings.get(settings) ?? new Map<string, Transport>();
    this.#bySettings.set(settings, own);
    const found = own.get(name) ?? this.#get(name, settings);
    own.set(name, found);
    return found;
  }

  #get(name: string, settings: Settings): Transport {
    const server = settings.servers[name];
    const identity = JSON.stringify([name, name === DIRECT ? settings.direct : server, settings.direct.hello]);
    const known = this.#made.get(identity);
    if (known) return known;
    const secret = () => (server ? (this.secrets.get(secretKey(server)) ?? '') : '');
    const transport = this.#create(name, settings, secret);
    this.#made.set(identity, transport);
    return transport;
  }

  /** The key of a secret this transport needs and does not have, or null. */
  missingSecret(name: string, settings: Settings): string | null {
    const server = settings.servers[name];
    if (!server || server.auth === 'none') return null;
    const key = secretKey(server);
    return this.secrets.has(key) ? null : key;
  }

  /** While it is closed. */
  closure(accountKey: string, now: number): Closure | null {
    const closure = this.#states.get(accountKey)?.closure;
    return closure && closure.until > now ? closure : null;
  }

  /** It was closed, and nothing has shown yet that it works again. */
  doubtful(accountKey: string): boolean {
    return this.#states.has(accountKey);
  }

  /** What stands in this delivery's way there. */
  stateFor(accountKey: string, now: number, delivery: Delivery | null): WayState {
    const state = this.#states.get(accountKey);
    if (!state) return { kind: 'open' };
    const { until, since, offline } = state.closure;
    if (until > now) return offline ? { kind: 'offline', until } : { kind: 'shut', until, since };
    const givenUpAt = state.probeAt + PROBE_MS;
    return state.probe && state.probe !== delivery && now < givenUpAt
      ? { kind: 'probed', until: givenUpAt }
      : { kind: 'open' };
  }

  /** The delivery goes there now: where it was closed it is the one that finds out whether it works again. */
  claim(accountKey: string, delivery: Delivery, now: number): void {
    const state = this.#states.get(accountKey);
    if (!state || this.stateFor(accountKey, now, delivery).kind !== 'open') return;
    state.probe = delivery;
    state.probeAt = now;
  }

  /** The delivery did not get as far as to find anything out. */
  withdraw(delivery: Delivery): void {
    for (const state of this.#states.values()) if (state.probe === delivery) state.probe = null;
  }

  /** Closed for `forMs` at least, and longer with every failed probe. What comes in while it is closed changes nothing. */
  close(accountKey: string, now: number, forMs: number, closure: Omit<Closure, 'until' | 'since'>): Closure {
    const before = this.#states.get(accountKey);
    if (before && before.closure.until > now) {
      before.closure.until = Math.max(before.closure.until, now + forMs);
      before.closure.needsAction ||= closure.needsAction;
      return before.closure;
    }
    const failures = (before?.failures ?? 0) + 1;
    const wait = closure.offline ? forMs : Math.max(forMs, probeDelay(failures));
    const made: Closure = { ...closure, until: now + wait, since: before?.closure.since ?? now };
    this.#states.set(accountKey, { closure: made, failures, probe: null, probeAt: 0 });
    return made;
  }

  /** It works, or a person has seen to it. */
  reopen(accountKey?: string): void {
    if (accountKey === undefined) this.#states.clear();
    else this.#states.delete(accountKey);
  }
}
