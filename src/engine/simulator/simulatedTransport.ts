import type { Clock } from '../../shared/clock.ts';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { AttemptEnd, Reply } from '../../shared/outcome.ts';
import type { Destination, Located, Opened, Outgoing, Sending, Session, Transport } from '../../shared/transport.ts';
import { failed, type SimulatedServer, simulatedReply } from './simulatedServer.ts';

/** Where a domain's mail goes in the simulated world, and which servers it has. */
export interface SimulatedHost {
  destination: Destination;
  host: string;
  server: SimulatedServer;
  connectMs: number;
  messageMs: number;
  /** Until a connection's first envelope is answered; absent: as long as a message. */
  envelopeMs?: number;
  /** Messages that may be unanswered at once on one connection; absent: one. */
  depth?: number;
}

/** An observer of everything a server receives; for comparing it with what was promised. */
export interface ServerObserver {
  asked?(transport: string, reader: string, at: number): void;
  refused?(transport: string, reader: string, reply: Reply): void;
  /** The last byte of a message was sent: it may have arrived from now on. */
  written?(transport: string, reader: string, at: number): void;
  /** Its connection broke before the reply. */
  lost?(transport: string, reader: string): void;
}

/** The same timeouts as the real ones. */
const CONNECT_TIMEOUT_MS = 30_000;
const LOOKUP_MS = 20;

/** A relay, or direct delivery, without a network: it behaves as its servers do, on the clock it is given. */
export class SimulatedTransport implements Transport {
  readonly name: string;
  readonly accountKey: string;
  readonly #clock: Clock;
  readonly #placeOf: (domain: string) => SimulatedHost;
  readonly #witness: ServerObserver;
  readonly #places = new Map<string, SimulatedHost>();

  constructor(
    { name, accountKey }: { name: string; accountKey: string },
    clock: Clock,
    placeOf: (domain: string) => SimulatedHost,
    witness: ServerObserver = {},
  ) {
    this.name = name;
    this.accountKey = accountKey;
    this.#clock = clock;
    this.#placeOf = placeOf;
    this.#witness = witness;
  }

  async locate(domain: string): Promise<Located> {
    const place = this.#placeOf(domain);
    if (!this.#places.has(place.destination.key) && place.destination.adaptive) await this.#clock.sleep(LOOKUP_MS);
    this.#places.set(place.destination.key, place);
    return { kind: 'destination', destination: place.destination };
  }

  async openSession({ key }: Destination, signal: AbortSignal): Promise<Opened> {
    const place = this.#places.get(key);
    if (!place) throw new Error(`nothing was located at ${key}`);
    const { server, host, connectMs } = place;
    const { afterMs, end } = server.greets(CONNECT_TIMEOUT_MS);
    if (!end) server.standing++;
    try {
      await this.#clock.sleep(end ? afterMs : connectMs, signal);
    } catch {
      if (!end) server.standing--;
      return { kind: 'ended', end: failed('connect', 'aborted', detail(faultDetails.isClosed)), host };
    }
    if (end) return { kind: 'ended', end, host };
    return { kind: 'session', session: new SimulatedSession(this.name, place, this.#clock, this.#witness) };
  }
}

class SimulatedSession implements Session {
  readonly host: string;
  readonly address = '';
  readonly tls = '';
  readonly remaining = Number.POSITIVE_INFINITY;
  usable = true;
  readonly #transport: string;
  readonly #place: SimulatedHost;
  readonly #clock: Clock;
  readonly #witness: ServerObserver;
  readonly #cut = new AbortController();
  #carried = 0;
  /** The messages that are unanswered, oldest first. */
  readonly #unanswered: Promise<unknown>[] = [];

  constructor(transport: string, place: SimulatedHost, clock: Clock, witness: ServerObserver) {
    this.#transport = transport;
    this.#place = place;
    this.#clock = clock;
    this.#witness = witness;
    this.host = place.host;
  }

  send(message: Outgoing): Sending {
    const answered = deferred();
    const ready = deferred();
    const { depth = 1 } = this.#place;
    const before = this.#unanswered.at(-depth);
    const end = this.#carry(message, before, answered.resolve, ready.resolve).finally(() => {
      answered.resolve();
      ready.resolve();
      this.#unanswered.splice(this.#unanswered.indexOf(end), 1);
    });
    this.#unanswered.push(end);
    return { answered: answered.promise, ready: ready.promise, end };
  }

  /** The envelope is sent right after the dot of `before`; its reply arrives with that one's. */
  async #carry(
    { to, commit }: Outgoing,
    before: Promise<unknown> | undefined,
    answered: () => void,
    ready: () => void,
  ): Promise<AttemptEnd> {
    const { server, messageMs, envelopeMs = messageMs } = this.#place;
    const first = this.#carried === 0;
    await before;
    if (first && !(await this.#pass(envelopeMs))) return failed('mail', 'aborted', detail(faultDetails.isClosed));
    if (!this.usable) return failed('mail', 'closed', detail(faultDetails.isClosed));
    if (this.#carried++ >= (server.behaviour.maxMessagesPerConnection ?? Number.POSITIVE_INFINITY)) {
      this.destroy();
      return failed('mail', 'closed', detail(faultDetails.serverClosed));
    }
    this.#witness.asked?.(this.#transport, to, this.#clock.now());
    const refusal = server.asked(to);
    if (refusal) {
      if (refusal.kind === 'reply') this.#witness.refused?.(this.#transport, to, refusal.reply);
      if (!first && !(await this.#pass(messageMs))) return failed('rcpt', 'aborted', detail(faultDetails.isClosed));
      return refusal;
    }
    answered();
    const lost = server.drops();
    if (lost === 'before') {
      this.destroy();
      return failed('body', 'closed', detail(faultDetails.brokeInContent));
    }
    try {
      await commit();
    } catch {
      this.destroy();
      return failed('body', 'gateFailed', detail(faultDetails.notCompleted));
    }
    this.#witness.written?.(this.#transport, to, this.#clock.now());
    ready();
    return this.#finish(to, lost === 'behind');
  }

  /** After the dot. */
  async #finish(to: string, lost: boolean): Promise<AttemptEnd> {
    const heard = await this.#pass(this.#place.messageMs);
    if (!heard || lost) {
      this.#witness.lost?.(this.#transport, to);
      this.destroy();
      return failed('dot', 'closed', detail(faultDetails.brokeBeforeReply));
    }
    return simulatedReply('250 2.0.0 taken', 'dot');
  }

  /** False when the connection was cut meanwhile. */
  #pass(ms: number): Promise<boolean> {
    return this.#clock.sleep(ms, this.#cut.signal).then(
      () => true,
      () => false,
    );
  }

  async quit(): Promise<void> {
    await Promise.all(this.#unanswered);
    this.destroy();
  }

  destroy(): void {
    if (!this.usable) return;
    this.usable = false;
    this.#place.server.standing--;
    this.#cut.abort(new Error('closed'));
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
