import type { ProbedRate } from '../../shared/serverProbe.ts';

/** Between these, ms: refused at `from`, accepted at `to`. */
export interface WaitBounds {
  from: number;
  to: number;
}

/** The units counters usually count in. */
const USUAL_MS = [1_000, 10_000, 30_000, 60_000, 120_000];
const MINUTE = 60_000;
/** A refill of this much of the first run is a window. */
const REFILL = 0.8;
/** A first run of more than this share of the window. */
const LONG_RUN = 0.4;
/** How far two measurements of the same wait may differ. */
const MAY_DIFFER = 0.2;

/**
 * Whether more is accepted at once than a bucket can have accumulated: it had less than one place when it last refused.
 * All times since the first refusal.
 */
export function isFlood(run: { count: number; first: number; afterMs: number; lastRefusedAfterMs: number }): boolean {
  const { count, first, afterMs, lastRefusedAfterMs } = run;
  if (count >= Math.max(2, REFILL * first)) return true;
  return count >= 3 && lastRefusedAfterMs > 0 && count > 1 + afterMs / lastRefusedAfterMs;
}

/**
 * How long a window is, by the wait for its end and, where there was one, for the end of the next. The first may have begun
 * before the test: where the two disagree the second is used, and the first alone is believed for a minute only. `runMs`: how
 * long the first run took; one that took much of the window may have been in two. null: not known.
 */
export function windowSpan(first: WaitBounds, second: WaitBounds | null, runMs: number): number | null {
  if (!second) return holds(first, MINUTE) && runMs <= 0.1 * MINUTE ? MINUTE : null;
  const both = { from: Math.max(first.from, second.from), to: Math.min(first.to, second.to) };
  const agree = both.from <= both.to;
  const { usual, middle } = within(agree ? both : second);
  const other = within(second).usual;
  if (usual === undefined && other !== undefined && Math.abs(other - middle) > MAY_DIFFER * middle) return null;
  // One that began before the first message, as with the first connection, was only seen to end too soon.
  const longer = agree && other !== undefined && other > both.to ? other : undefined;
  const span = usual ?? longer ?? middle;
  return runMs > LONG_RUN * span ? null : span;
}

function within(span: WaitBounds): { usual: number | undefined; middle: number } {
  const middle = (span.from + span.to) / 2;
  const unit = middle >= 10_000 ? 1_000 : 100;
  return {
    usual: USUAL_MS.find((ms) => holds(span, ms)),
    middle: Math.max(unit, Math.round(middle / unit) * unit),
  };
}

function holds({ from, to }: WaitBounds, ms: number): boolean {
  return from <= ms && ms <= to;
}

/** This many in that time, given per minute. */
export function bucketRate(count: number, inMs: number): ProbedRate {
  return { shape: 'bucket', count: Math.max(1, Math.round((count * MINUTE) / inMs)), perMs: MINUTE };
}
