import type { Disposable } from '../shared/disposable.ts';

export const EXIT = { sent: 0, someFailed: 1, refused: 2, interrupted: 3 } as const;

/** What a person, a terminal or a system ends a command with. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const acts: (() => void)[] = [];
let listening = false;

/**
 * Calls `act` on each signal from here on, instead of the previous action, until it is disposed of. The listener itself is
 * never replaced or removed: without one, even for an instant, a signal ends the process without its exit code.
 */
export function onSignals(act: () => void): Disposable {
  acts.push(act);
  if (!listening) for (const signal of signals) process.on(signal, () => (acts.at(-1) ?? byDefault(signal))());
  listening = true;
  return {
    dispose: () => {
      const at = acts.lastIndexOf(act);
      if (at >= 0) acts.splice(at, 1);
    },
  };
}

/** As if there had never been a listener. */
function byDefault(signal: NodeJS.Signals): () => void {
  return () => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
}

/** For signals while the command only prints and closes: exits with the code for “can be resumed”. */
export function leaveAtOnce(): void {
  process.exit(EXIT.interrupted);
}
