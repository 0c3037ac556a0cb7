import { detail, faultDetails } from '../../shared/faultDetails.ts';
import { Ended, fault } from './attemptEnd.ts';

/**
 * The promise, or Ended with fault `aborted` at stage `resolve` as soon as the signal aborts. The work itself
 * continues, because others may wait for it too; only this caller stops waiting.
 */
export function stoppable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new Ended(fault('resolve', 'aborted', detail(faultDetails.stopped))));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
