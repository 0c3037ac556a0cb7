import type { Clock } from '../../shared/clock.ts';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { Behaviour } from '../../shared/foresight.ts';
import type { AttemptEnd, FaultCode, Stage } from '../../shared/outcome.ts';
import { coarseWindow } from './grain.ts';

export function simulatedReply(line: string, stage: Stage): AttemptEnd {
  const [, code, enhanced, text] = /^(\d{3}) (?:(\d\.\d{1,3}\.\d{1,3}) )?(.*)$/.exec(line) ?? ['', '451', '', line];
  return { kind: 'reply', stage, reply: { code: Number(code), enhanced: enhanced ?? '', text: text ?? '' } };
}

export function failed(stage: Stage, code: FaultCode, why: string): AttemptEnd {
  return { kind: 'fault', stage, code, detail: why };
}

const REFUSED_MS = 20;
/** How long it takes to detect that a port is blocked. */
const BLOCKED_MS = 10_000;

const unreachable = {
  refused: () => ({ afterMs: REFUSED_MS, end: failed('connect', 'refused', detail(faultDetails.refused)) }),
  silent: (timeoutMs: number) => ({
    afterMs: timeoutMs,
    end: failed('connect', 'timeout', detail(faultDetails.silent)),
  }),
  blocked: () => ({ afterMs: BLOCKED_MS, end: failed('connect', 'portBlocked', detail(faultDetails.nobody, '25')) }),
};
const NEVER = Number.POSITIVE_INFINITY;

/**
 * One account at a relay, or one mail system: what it knows of its clients, and how it replies. Nothing here
 * sleeps; the caller waits as long as told.
 */
export class SimulatedServer {
  readonly behaviour: Behaviour;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #windows: { count: number; perMs: number; reply: string; taken: number[] }[];
  readonly #firstAsked = new Map<string, number>();
  readonly #begun: number;
  standing = 0;

  constructor(behaviour: Behaviour, clock: Clock, random: () => number, grain: number) {
    this.behaviour = behaviour;
    this.#clock = clock;
    this.#random = random;
    this.#begun = clock.now();
    this.#windows = (behaviour.windows ?? []).map((window) => ({
      reply: window.reply ?? `452 4.3.1 you have exceeded your limit of ${window.count} messages`,
      ...coarseWindow({ count: window.count, perMs: window.perMs }, grain),
      taken: [],
    }));
  }

  /** Whether a client connecting now is let in, and how long that takes beyond the usual time. */
  greets(timeoutMs: number): { afterMs: number; end: AttemptEnd | null } {
    const { down, maxConnections = NEVER } = this.behaviour;
    const since = this.#clock.now() - this.#begun;
    if (down && since >= down.fromMs && since < down.fromMs + (down.forMs ?? NEVER))
      return unreachable[down.how](timeoutMs);
    if (this.standing >= maxConnections)
      return { afterMs: REFUSED_MS, end: simulatedReply('421 4.7.0 too many concurrent connections', 'greeting') };
    return { afterMs: 0, end: null };
  }

  /** Its reply to an envelope; null when it wants the message, which then counts in its windows. */
  asked(reader: string): AttemptEnd | null {
    const { refuses, greylists, unknown = 0 } = this.behaviour;
    const now = this.#clock.now();
    if (refuses) return simulatedReply(refuses, 'rcpt');
    for (const { taken, count, perMs, reply } of this.#windows) {
      while (taken[0] !== undefined && taken[0] + perMs <= now) taken.shift();
      if (taken.length >= count) return simulatedReply(reply, 'mail');
    }
    const luck = chance(reader);
    if (luck < unknown) return simulatedReply('550 5.1.1 no such user here', 'rcpt');
    if (greylists && chance(`${reader} grey`) < greylists.share) {
      const first = this.#firstAsked.get(reader) ?? now;
      this.#firstAsked.set(reader, first);
      if (now < first + greylists.forMs) return simulatedReply('451 4.7.1 greylisted, please try again later', 'rcpt');
    }
    for (const { taken } of this.#windows) taken.push(now);
    return null;
  }

  /** Whether the connection is lost with this message. */
  drops(): 'before' | 'behind' | null {
    const { drops } = this.behaviour;
    return drops && this.#random() < drops.share ? drops.at : null;
  }
}

/** A number from 0 to 1 derived from a text. */
function chance(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}
