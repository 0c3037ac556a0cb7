import type { Log } from '../../shared/log.ts';

/** How long messages in progress may take to end before a faulty process exits all the same. */
const GRACE_MS = 5_000;

export interface LastResort {
  log: Log;
  /** What is in progress, in a few words, for the log. */
  inFlight: () => string;
  /** Ends cleanly: messages in progress end and are recorded. */
  close: () => Promise<void>;
  /** Called last. */
  exit: (error: unknown) => void;
}

/**
 * The one place where uncaught exceptions and unhandled rejections end up. The error is logged with its
 * stack and with what was in progress; then the process ends: messages in progress get a moment to end, the rest are in doubt
 * when the next engine opens the store, and nothing else is lost. A second fault ends it at once. Returns how to undo it.
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
