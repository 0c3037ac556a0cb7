import type { ProbeEnd } from '../../shared/serverProbe.ts';

/** What the course of a test wants done next. A line is a connection, signed in, by the number it was opened under. */
export type Step =
  | { do: 'open' }
  | { do: 'close'; line: number }
  | { do: 'send'; line: number }
  | { do: 'wait'; forMs: number };

/** What came of it, and when it was over (epoch ms). */
export type Seen = { at: number } & (
  | { kind: 'done' }
  | { kind: 'opened'; line: number }
  | { kind: 'accepted' }
  /** For now; `lost`: and the connection is gone. Without a word where `text` is "". */
  | { kind: 'refused'; lost: boolean; text: string }
  /** Nothing more may be asked. */
  | { kind: 'stop'; why: ProbeEnd; text: string }
);
