import type { Clock } from '../../../shared/clock.ts';
import { detail, faultDetails } from '../../../shared/faultDetails.ts';
import type { AttemptEnd } from '../../../shared/outcome.ts';
import type { Transport } from '../../../shared/transport.ts';
import { SILENCE_MS } from './silenceWatch.ts';

/**
 * What a test right before a campaign learns is not tested again by the campaign: a silent relay is skipped
 * from the start, also while the test still waits, and one that answers is open again.
 */
export async function notePreflight<T extends { end: AttemptEnd | null }>(
  test: Promise<T>,
  { transport, clock }: { transport: Transport; clock: Clock },
  tell: (end: AttemptEnd | null) => void,
): Promise<T> {
  const patience = new AbortController();
  const silence = detail(faultDetails.silence, transport.name, SILENCE_MS / 1000);
  clock.sleep(SILENCE_MS, patience.signal).then(
    () => tell({ kind: 'fault', stage: 'connect', code: 'timeout', detail: silence }),
    () => {},
  );
  const result = await test.finally(() => patience.abort());
  tell(result.end);
  return result;
}
