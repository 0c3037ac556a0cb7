/** What a server tested in depth was found to allow. */
export interface ServerProbe {
  /** When it began, epoch ms. */
  at: number;
  ended: ProbeEnd;
  /** Messages it accepted. */
  messages: number;
  tookMs: number;
  connections: ProbedLimit;
  perConnection: ProbedLimit;
  /** Messages it accepted before it first refused one because of their number; null = it never did. */
  refusedAfter: number | null;
  /** null: none was found, or its span could not be determined. */
  rate: ProbedRate | null;
  /** Its reply when it refused; "" when it never did. */
  text: string;
  /** Where the test messages arrived, for those whose mailbox could be read; null = none could. */
  arrived: ProbeArrivals | null;
}

/**
 * `complete`: everything was tested. `messages`, `time`: the budget ended it. `refused`: by the server. `unreachable`: no
 * connection could be had. `campaign`: one began to send over the same account. `interrupted`: the engine ended under it,
 * and nothing but its date is known.
 */
export const probeEnds = [
  'complete',
  'messages',
  'time',
  'refused',
  'unreachable',
  'cancelled',
  'campaign',
  'interrupted',
] as const;
export type ProbeEnd = (typeof probeEnds)[number];

/** `limit` null: none was found, up to `seen`. */
export interface ProbedLimit {
  limit: number | null;
  seen: number;
}

/** At most `count` in `perMs`: all at once again when it is over (window), or one by one as time passes (bucket). */
export interface ProbedRate {
  shape: 'window' | 'bucket';
  count: number;
  perMs: number;
}

export interface ProbeArrivals {
  inbox: number;
  junk: number;
  missing: number;
}

/** How far an in-depth test is. */
export interface ProbeProgress {
  phase: 'connections' | 'messages' | 'rate' | 'arrivals';
  messages: number;
  /** Until when it waits before it continues, epoch ms; 0 = it does not wait. */
  waitsUntil: number;
}

/** The budget: messages it may cost, and time. */
export interface ProbeBudget {
  messages: number;
  forMs: number;
}

export const PROBE_BUDGET: ProbeBudget = { messages: 100, forMs: 180_000 };

/** A test is not repeated within it, unless a person wants it to be. */
export const PROBE_EVERY_MS = 24 * 3_600_000;

/** What a person is asked to confirm. */
export interface ProbePlan {
  /** The mailboxes that get the messages: test recipients of the settings, and no others. */
  recipients: readonly string[];
  /** Never more than were asked for, nor than half of what is left of a quota. */
  messages: number;
  /** The last in-depth test, if there was one. */
  last: ServerProbe | null;
}
