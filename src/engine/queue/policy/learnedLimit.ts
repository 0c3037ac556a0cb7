import type { HeardLimit } from '../../../shared/outcome.ts';
import type { Window } from '../../../shared/transport.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What an account had sent when it was refused, according to our own ledger. */
export interface SentBefore {
  minute: number;
  hour: number;
  day: number;
}

/**
 * The limit behind a refusal: what the reply leaves out is filled in from what we had sent. null when nothing can be
 * inferred: nothing had been sent, so others used up the limit, or it does not count messages.
 */
export function learnedLimit(heard: HeardLimit, sent: SentBefore): Window | null {
  const perMs = heard.perMs ?? spanOf(heard.count, sent);
  const count = heard.count ?? sentWithin(perMs, sent);
  return count > 0 ? { count, perMs } : null;
}

/** The shortest usual span in which that many had been sent; without a number, the hour if all of the day fell into it. */
function spanOf(count: number | undefined, { hour, day }: SentBefore): number {
  if (count === undefined) return hour === day ? HOUR : DAY;
  return hour >= 0.9 * count ? HOUR : DAY;
}

function sentWithin(perMs: number, { minute, hour, day }: SentBefore): number {
  if (perMs <= MINUTE) return minute;
  return perMs <= HOUR ? hour : day;
}
