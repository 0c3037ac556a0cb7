import type { ProbeBudget, ProbeEnd, ProbeProgress } from '../../shared/serverProbe.ts';
import type { ProbeStep, StepResult } from './steps.ts';

export type ProbeSteps<T> = Generator<ProbeStep, T, StepResult>;

/** A connection and what it has carried. */
export interface ProbeConnection {
  id: number;
  carried: number;
  refused: number;
  /** Since it last carried one. */
  refusedSince: number;
  open: boolean;
  /** It was closed without a reply, or stood open after refusals: too many errors, or too long a pause, rather than the rate. */
  died: boolean;
  /** Its last refusal was delayed, as servers do with clients that make many errors over one connection. */
  tarpitted: boolean;
}

/** A reply slower than this, and than this many times the quickest, was delayed. */
const HELD_BACK_MS = 900;
const HELD_BACK_TIMES = 5;

/** The test has ended; what is known so far is the result. */
export class ProbeOver {
  readonly why: ProbeEnd;
  constructor(why: ProbeEnd) {
    this.why = why;
  }
}

/** The four things a test does, each within its budget: every message offered counts, accepted or not. Throws Over. */
export class ProbeActions {
  readonly budget: ProbeBudget;
  readonly beganAt: number;
  phase: ProbeProgress['phase'] = 'connections';
  now: number;
  /** When the last message was offered: its reply may have been delayed. */
  askedAt = 0;
  asked = 0;
  accepted = 0;
  /** The last refusal's words. */
  text = '';
  #sendingMs = 0;
  #quickestMs = Number.POSITIVE_INFINITY;
  /** The greatest number of messages a connection has carried. */
  most = 0;

  constructor(budget: ProbeBudget, now: number) {
    this.budget = budget;
    this.beganAt = now;
    this.now = now;
  }

  /** Messages that could be offered in a millisecond. */
  get pace(): number {
    return this.asked / Math.max(1, this.#sendingMs);
  }

  get messagesLeft(): number {
    return this.budget.messages - this.asked;
  }

  get msLeft(): number {
    return this.beganAt + this.budget.forMs - this.now;
  }

  /** null: refused. */
  *open(): ProbeSteps<ProbeConnection | null> {
    const seen = yield* this.#do({ do: 'open' });
    return seen.kind === 'opened'
      ? { id: seen.line, carried: 0, refused: 0, refusedSince: 0, open: true, died: false, tarpitted: false }
      : null;
  }

  *close(line: ProbeConnection): ProbeSteps<void> {
    if (!line.open) return;
    line.open = false;
    yield* this.#do({ do: 'close', line: line.id });
  }

  /** Whether the message was accepted. */
  *send(line: ProbeConnection): ProbeSteps<boolean> {
    if (this.messagesLeft <= 0) throw new ProbeOver('messages');
    this.asked++;
    this.askedAt = this.now;
    const seen = yield* this.#do({ do: 'send', line: line.id });
    const tookMs = this.now - this.askedAt;
    this.#sendingMs += tookMs;
    this.#quickestMs = Math.min(this.#quickestMs, tookMs);
    line.tarpitted = tookMs > Math.max(HELD_BACK_MS, HELD_BACK_TIMES * this.#quickestMs);
    if (seen.kind !== 'accepted') {
      const lost = seen.kind === 'refused' && seen.lost;
      line.open = !lost;
      line.died = lost && (seen.text === '' || line.refused > 0);
      line.refused++;
      line.refusedSince++;
      return false;
    }
    this.accepted++;
    line.carried++;
    line.refusedSince = 0;
    this.most = Math.max(this.most, line.carried);
    return true;
  }

  *wait(forMs: number): ProbeSteps<void> {
    if (forMs >= this.msLeft) throw new ProbeOver('time');
    yield* this.#do({ do: 'wait', forMs: Math.ceil(forMs) });
  }

  *#do(step: ProbeStep): ProbeSteps<StepResult> {
    if (this.msLeft <= 0) throw new ProbeOver('time');
    const seen = yield step;
    this.now = Math.max(this.now, seen.at);
    if ((seen.kind === 'refused' || seen.kind === 'stop') && seen.text !== '') this.text = seen.text;
    if (seen.kind === 'stop') throw new ProbeOver(seen.why);
    return seen;
  }
}
