import type { EngineApi, WatchedMailbox } from '../protocol/engineApi.ts';
import type { Arrival } from '../shared/arrival.ts';
import { expectedIn } from '../shared/arrivalWords.ts';
import type { Clock } from '../shared/clock.ts';

const LOOK_EVERY_MS = 3_000;
/** Greylisting takes longer; a person can look again. */
const PATIENCE_MS = 120_000;

/** Looks into a mailbox until a test has arrived, or two minutes have passed; then returns nothing. Rejects when the signal ends it. */
export async function lookForTest(
  engine: EngineApi,
  { mailbox, secret }: WatchedMailbox,
  rows: readonly { address: string; messageId: string }[],
  clock: Clock,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly Arrival[]> {
  const messageIds = expectedIn(mailbox, rows);
  const until = clock.now() + PATIENCE_MS;
  for (;;) {
    const found = await engine.findArrivals({ mailbox, secret, messageIds });
    if (found.length > 0 || clock.now() >= until) return found;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}
