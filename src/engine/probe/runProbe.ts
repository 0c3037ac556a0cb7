import type { Clock } from '../../shared/clock.ts';
import { type AttemptEnd, type HeardLimit, replyText, type Verdict } from '../../shared/outcome.ts';
import type { ProbeBudget, ProbeProgress } from '../../shared/serverProbe.ts';
import type { Opened, Session, Transport } from '../../shared/transport.ts';
import { type ProbeFindings, probeCourse } from './course.ts';
import { isLong, meaningOf, whyStopped } from './meaning.ts';
import { ProbeActions } from './probeActions.ts';
import type { ProbeStep, StepResult } from './steps.ts';

export interface TestMessage {
  from: string;
  to: string;
  messageId: string;
  bytes: Uint8Array;
}

/** A test message that the server may have. */
export interface SentTest {
  to: string;
  messageId: string;
  host: string;
  startedAt: number;
  committedAt: number;
  endedAt: number;
  end: AttemptEnd;
}

/** What a test runs over, and whom it tells. */
export interface ProbeSetup {
  transport: Transport;
  clock: Clock;
  budget: ProbeBudget;
  judge: (end: AttemptEnd, host: string) => Verdict;
  /** The nth message, from 1. */
  message: (nth: number) => Promise<TestMessage>;
  /** Called before the next step; an error thrown here ends the test. */
  onSent: (sent: SentTest) => void;
  /** A limit for an hour or longer was reported. */
  onLimit: (limit: HeardLimit, text: string) => void;
  onProgress: (progress: ProbeProgress) => void;
  /** Aborting it ends the test with what it has found; `GaveWay` as the reason says for whom. */
  signal: AbortSignal;
}

/** Why a test is aborted when a campaign begins to send over its account. */
export class GaveWay extends Error {}

type EndedBy = 'time' | 'cancelled' | 'campaign';

/** How long a message in progress may still take after the test was ended from outside. */
const GRACE_MS = 3_000;

/**
 * Runs the course of an in-depth test over one transport. Resolves with the result, also when the signal or the
 * end of its time cuts it short; no connection is left open. Rejects with what `message` and `onSent` throw.
 */
export async function runProbe(setup: ProbeSetup): Promise<ProbeFindings> {
  const { clock, budget, onProgress } = setup;
  const actions = new ProbeActions(budget, clock.now());
  const conductor = new Conductor(setup);
  try {
    const course = probeCourse(actions);
    for (let step = course.next(); ; ) {
      if (step.done) return step.value;
      const waitsUntil = step.value.do === 'wait' ? clock.now() + step.value.forMs : 0;
      onProgress({ phase: actions.phase, messages: actions.accepted, waitsUntil });
      step = course.next(await conductor.take(step.value));
    }
  } finally {
    await conductor.end();
  }
}

class Conductor {
  readonly #setup: ProbeSetup;
  readonly #sessions = new Map<number, Session>();
  readonly #ended = new AbortController();
  #opened = 0;
  #asked = 0;
  /** Why nothing more is started. */
  #why: EndedBy | null = null;

  constructor(setup: ProbeSetup) {
    this.#setup = setup;
    const { clock, budget, signal } = setup;
    const cancel = () => this.#end(signal.reason instanceof GaveWay ? 'campaign' : 'cancelled');
    clock.sleep(budget.forMs, this.#ended.signal).then(
      () => this.#end('time'),
      () => {},
    );
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    this.#ended.signal.addEventListener('abort', () => signal.removeEventListener('abort', cancel), { once: true });
  }

  async take(step: ProbeStep): Promise<StepResult> {
    const { clock } = this.#setup;
    if (this.#why) return { at: clock.now(), kind: 'stop', why: this.#why, text: '' };
    switch (step.do) {
      case 'open':
        return this.#open();
      case 'close':
        await this.#sessions.get(step.line)?.quit();
        this.#sessions.delete(step.line);
        return { at: clock.now(), kind: 'done' };
      case 'wait':
        await clock.sleep(step.forMs, this.#ended.signal).catch(() => {});
        return { at: clock.now(), kind: 'done' };
      case 'send':
        return this.#send(step.line);
      default:
        return step satisfies never;
    }
  }

  async end(): Promise<void> {
    this.#ended.abort(new Error('ended'));
    await Promise.all([...this.#sessions.values()].map((session) => session.quit()));
    this.#sessions.clear();
  }

  /** Nothing more is started; a message in progress may end. */
  #end(why: EndedBy): void {
    if (this.#why) return;
    this.#why = why;
    this.#ended.abort(new Error(why));
    void this.#setup.clock.sleep(GRACE_MS).then(() => {
      for (const session of this.#sessions.values()) session.destroy();
    });
  }

  async #open(): Promise<StepResult> {
    const { transport, clock } = this.#setup;
    const { signal } = this.#ended;
    const located = await transport.locate('', signal);
    const opened: Opened =
      located.kind === 'ended' ? { ...located, host: '' } : await transport.openSession(located.destination, signal);
    if (opened.kind === 'ended') return this.#told(opened.end, opened.host, true, true);
    const line = ++this.#opened;
    this.#sessions.set(line, opened.session);
    return { at: clock.now(), kind: 'opened', line };
  }

  async #send(line: number): Promise<StepResult> {
    const { clock, message, onSent } = this.#setup;
    const session = this.#sessions.get(line);
    if (!session?.usable) {
      this.#sessions.delete(line);
      return { at: clock.now(), kind: 'refused', lost: true, text: '' };
    }
    const { messageId, ...envelope } = await message(++this.#asked);
    const startedAt = clock.now();
    let committedAt = 0;
    const commit = async () => {
      committedAt = clock.now();
    };
    const sending = session.send({ ...envelope, commit });
    const end = await sending.end;
    // A server may reject MAIL before it has answered the pipelined commands.
    await sending.ready;
    if (
      committedAt > 0 &&
      (end.kind === 'fault' || meaningOf(end, this.#judge(end, session.host), false) === 'accepted')
    )
      onSent({ to: envelope.to, messageId, host: session.host, startedAt, committedAt, endedAt: clock.now(), end });
    const lost = !session.usable || (end.kind === 'reply' && end.reply.code === 421);
    if (lost) {
      session.destroy();
      this.#sessions.delete(line);
    }
    return this.#told(end, session.host, lost, false);
  }

  #told(end: AttemptEnd, host: string, lost: boolean, opening: boolean): StepResult {
    const at = this.#setup.clock.now();
    const verdict = this.#judge(end, host);
    const meaning = meaningOf(end, verdict, opening);
    // The message in progress still counts.
    if (this.#why && meaning !== 'accepted') return { at, kind: 'stop', why: this.#why, text: '' };
    const text = end.kind === 'reply' ? replyText(end.reply) : end.detail;
    if (verdict.limit && isLong(verdict.limit)) this.#setup.onLimit(verdict.limit, text);
    switch (meaning) {
      case 'accepted':
        return { at, kind: 'accepted' };
      case 'refused':
        return { at, kind: 'refused', lost, text: end.kind === 'reply' ? text : '' };
      case 'stop':
        return { at, kind: 'stop', why: whyStopped(end), text };
    }
  }

  #judge(end: AttemptEnd, host: string): Verdict {
    return this.#setup.judge(end, host);
  }
}
