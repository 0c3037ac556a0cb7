import type { ProbeStep, StepResult } from '../../../src/engine/probe/steps.ts';

export type ModelRate =
  | { kind: 'bucket'; burst: number; perMinute: number }
  /** `aligned`: counters begin with the server's own minute; `first`: with a client's first message; `rolling`: no counter. */
  | { kind: 'window'; count: number; perMs: number; begins: 'aligned' | 'first' | 'rolling' };

export interface Model {
  connections: number;
  perConnection: number;
  rate: ModelRate | null;
  /** Connections that may be opened in a span. */
  connects: { count: number; perMs: number } | null;
  /** Whether it closes a connection that is full, or whose message it refuses for the rate. */
  closes: { full: boolean; rate: boolean };
  /** Refusals over one connection after which its replies are held back for so long each. */
  tarpit?: { refusals: number; ms: number };
  messageMs: number;
  connectMs: number;
  /** Where in its window the test begins. */
  offsetMs: number;
}

/** A server that only behaves, on a clock that moves with what it is asked. */
export class ModelServer {
  readonly model: Model;
  now: number;
  accepted = 0;
  peak = 0;
  readonly #random: () => number;
  readonly #lines = new Map<number, number>();
  readonly #refusals = new Map<number, number>();
  readonly #connects: number[] = [];
  #opened = 0;
  #tokens: number;
  #filledAt: number;
  #window = { from: Number.NEGATIVE_INFINITY, count: 0 };
  readonly #times: number[] = [];

  constructor(model: Model, random: () => number) {
    this.model = model;
    this.#random = random;
    this.now = 1_000_000_000 - (1_000_000_000 % 60_000) + model.offsetMs;
    this.#tokens = model.rate?.kind === 'bucket' ? model.rate.burst : 0;
    this.#filledAt = this.now;
  }

  take(step: ProbeStep): StepResult {
    switch (step.do) {
      case 'open':
        this.#pass(this.model.connectMs);
        return this.#open();
      case 'close':
        this.#pass(this.model.messageMs);
        this.#lines.delete(step.line);
        return { at: this.now, kind: 'done' };
      case 'wait':
        this.now += step.forMs;
        return { at: this.now, kind: 'done' };
      case 'send':
        this.#pass(this.model.messageMs);
        return this.#heldBack(step.line, this.#send(step.line));
      default:
        return step satisfies never;
    }
  }

  #pass(ms: number): void {
    this.now += ms * (0.7 + 0.6 * this.#random());
  }

  #open(): StepResult {
    const { connections, connects } = this.model;
    const recent = this.#connects.filter((at) => connects && at > this.now - connects.perMs);
    if (this.#lines.size >= connections || (connects && recent.length >= connects.count)) {
      return { at: this.now, kind: 'refused', lost: true, text: '421 4.7.0 too many connections' };
    }
    this.#connects.push(this.now);
    const line = ++this.#opened;
    this.#lines.set(line, 0);
    this.peak = Math.max(this.peak, this.#lines.size);
    return { at: this.now, kind: 'opened', line };
  }

  #send(line: number): StepResult {
    const { perConnection, closes } = this.model;
    const carried = this.#lines.get(line);
    if (carried === undefined) return { at: this.now, kind: 'refused', lost: true, text: '' };
    if (carried >= perConnection) return this.#refuse(line, closes.full, '452 4.5.3 enough over this connection');
    if (!this.#mayPass()) return this.#refuse(line, closes.rate, '450 4.7.1 too much mail');
    this.#lines.set(line, carried + 1);
    this.accepted++;
    return { at: this.now, kind: 'accepted' };
  }

  #heldBack(line: number, seen: StepResult): StepResult {
    const { tarpit } = this.model;
    const refusals = (this.#refusals.get(line) ?? 0) + (seen.kind === 'refused' ? 1 : 0);
    this.#refusals.set(line, refusals);
    if (!tarpit || refusals < tarpit.refusals) return seen;
    this.now += tarpit.ms;
    return { ...seen, at: this.now };
  }

  #refuse(line: number, lost: boolean, text: string): StepResult {
    if (lost) this.#lines.delete(line);
    return { at: this.now, kind: 'refused', lost, text };
  }

  #mayPass(): boolean {
    const { rate } = this.model;
    if (!rate) return true;
    if (rate.kind === 'bucket') {
      this.#tokens = Math.min(rate.burst, this.#tokens + ((this.now - this.#filledAt) * rate.perMinute) / 60_000);
      this.#filledAt = this.now;
      if (this.#tokens < 1) return false;
      this.#tokens--;
      return true;
    }
    const { count, perMs, begins } = rate;
    if (begins === 'rolling') {
      while (this.#times[0] !== undefined && this.#times[0] <= this.now - perMs) this.#times.shift();
      if (this.#times.length >= count) return false;
      this.#times.push(this.now);
      return true;
    }
    if (this.now >= this.#window.from + perMs) {
      this.#window = { from: begins === 'aligned' ? this.now - (this.now % perMs) : this.now, count: 0 };
    }
    if (this.#window.count >= count) return false;
    this.#window.count++;
    return true;
  }
}
