import type { ProbeEnd } from '../../shared/serverProbe.ts';

/** The next step of a test. A line is a signed-in connection, by the number it was opened under. */
export type ProbeStep =
  | { do: 'open' }
  | { do: 'close'; line: number }
  | { do: 'send'; line: number }
  | { do: 'wait'; forMs: number };

/** The result, and when it arrived (epoch ms). */
export type StepResult = { at: number } & (
  | { kind: 'done' }
  | { kind: 'opened'; line: number }
  | { kind: 'accepted' }
  /** For now; `lost`: and the connection is gone. No reply where `text` is "". */
  | { kind: 'refused'; lost: boolean; text: string }
  /** Nothing more may be offered. */
  | { kind: 'stop'; why: ProbeEnd; text: string }
);
