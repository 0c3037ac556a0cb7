import type { Cause } from '../../../shared/outcome.ts';
import type { Settings } from '../../../shared/settings.ts';
import { DIRECT, secretKey } from '../../../shared/settings.ts';
import type { Transport } from '../../../shared/transport.ts';
import type { WayState } from '../policy/chooseWay.ts';
import { probeDelay } from '../policy/schedule.ts';
import type { Delivery } from '../store/delivery.ts';

/** `secret` returns the current password or token, "" without one: tokens are renewed while connections come and go. */
export type CreateTransport = (name: string, settings: Settings, secret: () => string) => Transport;

/** Why a transport accepts nothing for now. */
export interface Closure {
  until: number;
  /** When it first closed without having worked since. */
  since: number;
  cause: Cause;
  text: string;
  /** This machine has no network: nobody's fault, and no attempt is counted. */
  offline: boolean;
  needsAction: boolean;
}

interface State {
  closure: Closure;
  failures: number;
  /** The delivery that tests whether it works again, where others have another transport. */
  probe: Delivery | null;
  probeAt: number;
}

/** A probe that has not returned by then is given up. */
const PROBE_MS = 120_000;

/**
 * The transports in use, one per server and settings, and their health, which belongs to the account. Closed: nothing is
 * tried. After its time it is half open: one connection, and of the deliveries with a backup only one, tests it.
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

  /** It was closed, and nothing has proved yet that it works again. */
  doubtful(accountKey: string): boolean {
    return this.#states.has(accountKey);
  }

  /** What keeps this delivery from using it. */
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

  /** The delivery uses it now: if it was closed, this delivery tests whether it works again. */
  claim(accountKey: string, delivery: Delivery, now: number): void {
    const state = this.#states.get(accountKey);
    if (!state || this.stateFor(accountKey, now, delivery).kind !== 'open') return;
    state.probe = delivery;
    state.probeAt = now;
  }

  /** The delivery did not get far enough to test anything. */
  withdraw(delivery: Delivery): void {
    for (const state of this.#states.values()) if (state.probe === delivery) state.probe = null;
  }

  /** Closed for at least `forMs`, and longer with every failed probe. Results that arrive while it is closed change nothing. */
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

  /** It works, or a person has fixed it. */
  reopen(accountKey?: string): void {
    if (accountKey === undefined) this.#states.clear();
    else this.#states.delete(accountKey);
  }
}
