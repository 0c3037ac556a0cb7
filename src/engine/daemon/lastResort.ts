import type { Log } from '../../shared/log.ts';

/** How long what flies may take to land before a process with a fault in it ends all the same. */
const GRACE_MS = 5_000;

export interface LastResort {
  log: Log;
  /** What is under way, in a few words, for the log. */
  inFlight: () => string;
  /** Ends cleanly: what flies lands and is written down. */
  close: () => Promise<void>;
  /** Called last. */
  exit: (error: unknown) => void;
}

/**
 * The one place where an exception that nobody caught and a rejection that nobody handled end up. It is written down with its
 * stack and with what was under way; then the process ends: what flies gets a moment to land, what has not is in doubt when
 * the next engine opens the store, and nothing else is lost. A second fault ends it at once. Gives back the way to undo it.
 */
export function installLastResort({ log, inFlight, close, exit }: LastResort): () => void {
  let first = true;
  const caught = (error: unknown) => {
    log.error(
      `the engine met a fault of its own: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    if (!first) return exit(error);
    first = false;
    log.error(`under way: ${describe(inFlight)}`);
    const late = setTimeout(() => exit(error), GRACE_MS);
    close().then(
      () => {
        clearTimeout(late);
        exit(error);
      },
      (second: unknown) => {
        clearTimeout(late);
        log.error(`it could not be closed: ${String(second)}`);
        exit(error);
      },
    );
  };
  process.on('uncaughtException', caught);
  process.on('unhandledRejection', caught);
  return () => {
    process.off('uncaughtException', caught);
    process.off('unhandledRejection', caught);
  };
}

function describe(inFlight: () => string): string {
  try {
    return inFlight();
  } catch (error) {
    return String(error);
  }
}
