import type { ProbedRate } from '../../shared/serverProbe.ts';
import type { Carriers } from './carriers.ts';
import type { ProbeActions, ProbeSteps } from './probeActions.ts';
import { bucketRate, isFlood, type WaitBounds, windowSpan } from './rateShape.ts';

/** The first pause after a refusal; each is longer than the one before by GROWTH. */
const FIRST_PAUSE_MS = 250;
const GROWTH = 1.25;
/** From this many messages on a bucket's rate is known well enough, and after this many no more are spent on it. */
const ENOUGH = 4;
const WANTED = 8;
/** A bucket is asked again when this many places should be free. */
const PLACES = 2.5;
/** When the second window's end is tested, in parts of the first; after the last one, each is longer by GROWTH. */
const NEAR = [0.6, 0.75, 0.85, 0.92, 0.97, 1.01, 1.05, 1.1, 1.2, 1.35];
/** How much slower than the measured rate the last messages are sent. */
const SLOWER = 1.2;

/** What is known of the rate; kept up to date, because a budget may end the test at any moment. */
export interface RateFound {
  /** Messages before the first refusal; null = none came. */
  refusedAfter: number | null;
  rate: ProbedRate | null;
}

/** The first run of messages, and the first ones accepted after its refusal. */
interface Refill {
  first: number;
  firstAt: number;
  refusedAt: number;
  /** When the last refused one was offered. */
  lastRefusedAt: number;
  acceptedAt: number;
  count: number;
}

/**
 * Sends until the first refusal and then retries with growing pauses. If more is accepted at once than a bucket could have
 * accumulated in that time, or four fifths of the first run, it is a window; the end of the next one is measured as well, because
 * the first may have begun before the test. Otherwise it is a bucket, drained again and again. Ends only with Over or done.
 */
export function* measureRate(actions: ProbeActions, carriers: Carriers, found: RateFound): ProbeSteps<void> {
  const firstAt = actions.now;
  const first = yield* drain(carriers);
  const refusedAt = actions.now;
  found.refusedAfter = first;
  actions.phase = 'rate';
  // A refusal counts from when the message was offered: the reply may have been delayed.
  let lastRefusedAt = refusedAt;
  for (let pause = FIRST_PAUSE_MS; ; pause *= GROWTH) {
    yield* actions.wait(pause);
    if (yield* carriers.send()) break;
    lastRefusedAt = actions.askedAt;
  }
  const refill: Refill = { first, firstAt, refusedAt, lastRefusedAt, acceptedAt: actions.now, count: 1 };
  carriers.goOn();
  yield* drain(carriers, (count) => {
    refill.count = count + 1;
    if (floods(actions, refill)) note(refill, found, null);
  });
  if (floods(actions, refill)) yield* nextWindow(actions, carriers, found, refill);
  else yield* bucket(actions, carriers, found, refill);
}

function floods(actions: ProbeActions, { first, count, refusedAt, lastRefusedAt }: Refill): boolean {
  return isFlood({ count, first, afterMs: actions.now - refusedAt, lastRefusedAfterMs: lastRefusedAt - refusedAt });
}

/** As a window, where its span is known. */
function note(refill: Refill, found: RateFound, second: WaitBounds | null, count = refill.first): void {
  const { firstAt, refusedAt, lastRefusedAt, acceptedAt } = refill;
  const waited = { from: lastRefusedAt - firstAt, to: acceptedAt - firstAt };
  const perMs = windowSpan(waited, second, refusedAt - firstAt);
  found.rate = perMs === null ? null : { shape: 'window', count, perMs };
}

function* nextWindow(actions: ProbeActions, carriers: Carriers, found: RateFound, refill: Refill): ProbeSteps<void> {
  const { first, firstAt, refusedAt, lastRefusedAt, acceptedAt } = refill;
  // Where each place comes free by itself, the first run's come free as it was sent.
  if (refill.count < 0.8 * first) {
    yield* actions.wait(refusedAt - firstAt);
    refill.count += yield* drain(carriers);
  }
  const guess = (lastRefusedAt + acceptedAt) / 2 - firstAt;
  let stillAt = actions.askedAt;
  for (let at = 0, part = NEAR[0] ?? 1; ; part = NEAR[++at] ?? part * GROWTH) {
    const pause = acceptedAt + part * guess - actions.now;
    if (pause <= 0) continue;
    yield* actions.wait(pause);
    if (yield* carriers.send()) break;
    stillAt = actions.askedAt;
  }
  const second = { from: stillAt - acceptedAt, to: actions.now - lastRefusedAt };
  note(refill, found, second, Math.min(first, refill.count));
}

function* bucket(actions: ProbeActions, carriers: Carriers, found: RateFound, refill: Refill): ProbeSteps<void> {
  const { refusedAt } = refill;
  let total = refill.count;
  while (total < WANTED) {
    const emptyAt = actions.now;
    const placeMs = (emptyAt - refusedAt) / total;
    yield* actions.wait(PLACES * placeMs);
    const got = yield* drain(carriers);
    total += got;
    if (got >= 4 && got > 2 * (1 + (actions.now - emptyAt) / placeMs)) {
      refill.count = total;
      return yield* nextWindow(actions, carriers, found, refill);
    }
    if (total >= ENOUGH) found.rate = bucketRate(total, actions.now - refusedAt);
  }
}

/**
 * Where a refusal may have been due to the connection or the rate: slower than the rate, only a full connection refuses.
 * Continues until that is known.
 */
export function* settleConnection(actions: ProbeActions, carriers: Carriers, { rate }: RateFound): ProbeSteps<void> {
  while (rate && carriers.inDoubt) {
    yield* actions.wait((SLOWER * rate.perMs) / rate.count);
    yield* carriers.send();
  }
}

/** Sends without pause until a refusal; how many were accepted. */
function* drain(carriers: Carriers, onAccepted: (count: number) => void = () => {}): ProbeSteps<number> {
  let count = 0;
  while (yield* carriers.send()) onAccepted(++count);
  return count;
}
