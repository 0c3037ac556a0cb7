import { Ended, fault } from './attemptEnd.ts';

/**
 * The promise, or Ended with fault `aborted` at stage `resolve` as soon as the signal aborts. What was under way goes
 * on, as others may wait for it too; only nobody here does.
 */
export function stoppable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new Ended(fault('resolve', 'aborted', 'stopped')));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
