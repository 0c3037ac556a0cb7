import type { Cause } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';
import { DIRECT, secretKey } from '../../shared/settings.ts';
import type { Transport } from '../../shared/transport.ts';
import { probeDelay } from './schedule.ts';

export type CreateTransport = (name: string, settings: Settings, secret: string | undefined) => Transport;

/** Why a transport takes nothing for now. */
export interface Closure {
  until: number;
  cause: Cause;
  text: string;
  /** This machine has no network: nobody's fault, no try is counted and no backup is used. */
  offline: boolean;
  needsAction: boolean;
}

/** The transports in use, one per server and settings, with what is known of their health. */
export class Transports {
  readonly #create: CreateTransport;
  readonly #made = new Map<string, { transport: Transport; secret: string | undefined }>();
  readonly #closures = new Map<string, Closure & { failures: number }>();
  readonly secrets = new Map<string, string>();

  constructor(create: CreateTransport) {
    this.#create = create;
  }

  get(name: string, settings: Settings): Transport {
    const server = settings.servers[name];
    const secret = server ? this.secrets.get(secretKey(server)) : undefined;
    const identity = JSON.stringify([name, name === DIRECT ? settings.direct : server, settings.direct.hello]);
    const known = this.#made.get(identity);
    if (known && known.secret === secret) return known.transport;
    const transport = this.#create(name, settings, secret);
    this.#made.set(identity, { transport, secret });
    return transport;
  }

  /** The key of a secret this transport needs and does not have, or null. */
  missingSecret(name: string, settings: Settings): string | null {
    const server = settings.servers[name];
    if (!server || server.auth === 'none') return null;
    const key = secretKey(server);
    return this.secrets.has(key) ? null : key;
  }

  closure(quotaKey: string, now: number): Closure | null {
    const closure = this.#closures.get(quotaKey);
    return closure && closure.until > now ? closure : null;
  }

  /** Closed until `until`, or by probing: ever longer with every failure. */
  close(quotaKey: string, now: number, forMs: number | null, closure: Omit<Closure, 'until'>): Closure {
    const failures = (this.#closures.get(quotaKey)?.failures ?? 0) + 1;
    const made = { ...closure, until: now + (forMs ?? probeDelay(failures)), failures };
    this.#closures.set(quotaKey, made);
    return made;
  }

  /** It works, or a person has seen to it. */
  reopen(quotaKey?: string): void {
    if (quotaKey === undefined) this.#closures.clear();
    else this.#closures.delete(quotaKey);
  }
}
