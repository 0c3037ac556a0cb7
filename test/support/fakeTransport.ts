import type { AttemptEnd, FaultCode, Stage } from '../../src/shared/outcome.ts';
import type {
  Destination,
  Located,
  Opened,
  Outgoing,
  Sending,
  Session,
  Transport,
} from '../../src/shared/transport.ts';
import type { FakeClock } from './fakeClock.ts';

/** "550 5.1.1 no such user" at a stage; by default the reply to RCPT for 4xx and 5xx, to the dot for 2xx. */
export function reply(line: string, stage?: Stage): AttemptEnd {
  const [, code, enhanced, text] = /^(\d{3}) (?:(\d\.\d+\.\d+) )?(.*)$/.exec(line) ?? [];
  const found = stage ?? (code?.startsWith('2') ? 'dot' : 'rcpt');
  return { kind: 'reply', stage: found, reply: { code: Number(code), enhanced: enhanced ?? '', text: text ?? '' } };
}

export function fault(stage: Stage, code: FaultCode): AttemptEnd {
  return { kind: 'fault', stage, code, detail: `${code} at ${stage}` };
}

export interface FakeScript {
  /** How the nth (from 0) try for an address ends; nothing = taken. */
  answer?: (to: string, nth: number) => AttemptEnd | undefined;
  /** Why no connection can be had; nothing = it can. */
  open?: (destination: string, nth: number) => AttemptEnd | undefined | Promise<AttemptEnd | undefined>;
  locate?: (domain: string, nth: number) => AttemptEnd | undefined | Promise<AttemptEnd | undefined>;
  /** Destination of a domain: by default one for all, or for direct each its own. */
  destination?: (domain: string) => Partial<Destination>;
  limits?: Partial<Destination['limits']>;
  /** How long a message takes. */
  takesMs?: number;
  /** How long a connection takes. */
  connectMs?: number;
  /** Messages a connection carries before the server closes it without a word. */
  closesAfter?: number;
  /** Told the envelope's sender. */
  sender?: (from: string) => void;
  /** The message as it would go over the wire, taken or not. */
  bytes?: (to: string, text: string) => void;
  /** At which stage the server says nothing any more, for as long as given (the connection is then closed). */
  hangs?: (to: string, nth: number) => { at: 'mail' | 'dot'; forMs: number } | undefined;
  /** The server has the whole message and has not yet said so. */
  taken?: (to: string) => void;
}

/** A transport that does as it is told, on a fake clock, and remembers who was accepted and when. */
export class FakeTransport implements Transport {
  readonly name: string;
  readonly accountKey: string;
  readonly script: FakeScript;
  /** Every message taken; its connection counts from 1. */
  readonly accepted: { to: string; at: number; messageId: string; connection: number; text: string }[] = [];
  /** When each of `asked` was. */
  readonly askedAt: number[] = [];
  /** Address of every message asked about, taken or not. */
  readonly asked: string[] = [];
  opened = 0;
  located = 0;
  standing = 0;
  peak = 0;
  readonly #clock: FakeClock;
  readonly #sessions = new Set<FakeSession>();

  constructor(name: string, clock: FakeClock, script: FakeScript = {}, accountKey = name) {
    this.name = name;
    this.accountKey = accountKey;
    this.script = script;
    this.#clock = clock;
  }

  async locate(domain: string): Promise<Located> {
    const end = await this.script.locate?.(domain, this.located++);
    if (end) return { kind: 'ended', end };
    const direct = this.name === 'direct';
    const made: Destination = {
      key: direct ? domain : `relay:${this.accountKey}`,
      label: direct ? domain : this.name,
      adaptive: direct,
      ...this.script.destination?.(domain),
      limits: { maxConnections: 2, maxMessagesPerConnection: 100, windows: [], ...this.script.limits },
    };
    return { kind: 'destination', destination: made };
  }

  async openSession(destination: Destination): Promise<Opened> {
    const connection = ++this.opened;
    const end = await this.script.open?.(destination.key, connection - 1);
    if (this.script.connectMs) await this.#clock.sleep(this.script.connectMs);
    if (end) return { kind: 'ended', end, host: `mx.${destination.key}` };
    this.standing++;
    this.peak = Math.max(this.peak, this.standing);
    const session = new FakeSession(this, this.#clock, `mx.${destination.key}`, connection, () => {
      this.standing--;
      this.#sessions.delete(session);
    });
    this.#sessions.add(session);
    return { kind: 'session', session };
  }

  acceptedBy(to: string): number {
    return this.accepted.filter((each) => each.to === to).length;
  }

  tries(to: string): number {
    return this.asked.filter((each) => each === to).length;
  }
}

class FakeSession implements Session {
  readonly host: string;
  readonly address = '127.0.0.1';
  readonly tls = '';
  readonly remaining = Number.POSITIVE_INFINITY;
  usable = true;
  readonly #transport: FakeTransport;
  readonly #clock: FakeClock;
  readonly #connection: number;
  readonly #gone: () => void;
  readonly #cut = new AbortController();
  #carried = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(transport: FakeTransport, clock: FakeClock, host: string, connection: number, gone: () => void) {
    this.#transport = transport;
    this.#clock = clock;
    this.host = host;
    this.#connection = connection;
    this.#gone = gone;
  }

  send(message: Outgoing): Sending {
    let ready = () => {};
    let answered = () => {};
    const answer = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const readiness = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const before = this.#last;
    const end = this.#carry(message, before, ready, answered).finally(() => {
      answered();
      ready();
    });
    this.#last = end;
    return { answered: answer, ready: readiness, end };
  }

  async #carry(
    message: Outgoing,
    before: Promise<unknown>,
    ready: () => void,
    answered: () => void,
  ): Promise<AttemptEnd> {
    await before;
    const transport = this.#transport;
    if (this.#carried++ >= (transport.script.closesAfter ?? Number.POSITIVE_INFINITY)) {
      this.destroy();
      return fault('mail', 'closed');
    }
    const nth = transport.tries(message.to);
    transport.asked.push(message.to);
    transport.askedAt.push(this.#clock.now());
    if (!this.usable) return fault('mail', 'closed');
    transport.script.sender?.(message.from);
    transport.script.bytes?.(message.to, Buffer.from(message.bytes).toString('latin1'));
    const end = transport.script.answer?.(message.to, nth) ?? reply('250 2.0.0 taken');
    const hang = transport.script.hangs?.(message.to, nth);
    if (hang?.at === 'mail') {
      const cut = await this.#silence(hang.forMs);
      return fault('mail', cut ? 'aborted' : 'timeout');
    }
    answered();
    const beforeDot = end.stage !== 'dot';
    if (!beforeDot) {
      try {
        await message.commit();
      } catch {
        this.destroy();
        return fault('body', 'gateFailed');
      }
      ready();
      if (end.kind === 'reply' && end.reply.code === 250) transport.script.taken?.(message.to);
    }
    if (hang) {
      const cut = await this.#silence(hang.forMs);
      return fault('dot', cut ? 'closed' : 'timeout');
    }
    if (transport.script.takesMs) await this.#clock.sleep(transport.script.takesMs);
    if (end.kind === 'fault' || end.reply.code === 421) this.destroy();
    if (end.kind === 'reply' && end.reply.code === 250) {
      const text = Buffer.from(message.bytes).toString('latin1');
      const messageId = /^Message-ID:\s*(\S+)/im.exec(text)?.[1] ?? '';
      transport.accepted.push({ to: message.to, at: this.#clock.now(), messageId, connection: this.#connection, text });
    }
    return end;
  }

  /** True when it was cut before the time was over. */
  async #silence(ms: number): Promise<boolean> {
    const whole = await this.#clock.sleep(ms, this.#cut.signal).then(
      () => true,
      () => false,
    );
    this.destroy();
    return !whole;
  }

  async quit(): Promise<void> {
    await this.#last;
    this.destroy();
  }

  destroy(): void {
    if (this.usable) this.#gone();
    this.usable = false;
    this.#cut.abort(new Error('closed'));
  }
}
