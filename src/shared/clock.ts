/** Time as a value: passed in wherever it matters, so that tests control it. */
export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const MAX_TIMEOUT_MS = 0x7fff_ffff;

/** The real clock. Long sleeps are cut in pieces, as timers overflow at 2^31 ms. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const until = Date.now() + ms;
      let timer: NodeJS.Timeout;
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const wait = () => {
        const left = until - Date.now();
        if (left <= 0) {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        } else {
          timer = setTimeout(wait, Math.min(left, MAX_TIMEOUT_MS));
        }
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      timer = setTimeout(wait, Math.max(0, Math.min(ms, MAX_TIMEOUT_MS)));
    }),
};
