import type { Disposable } from '../shared/disposable.ts';

export const EXIT = { sent: 0, someFailed: 1, refused: 2, interrupted: 3 } as const;

/** What a person, a terminal or a system ends a command with. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const acts: (() => void)[] = [];
let listening = false;

/**
 * Does `act` on each signal from here on, instead of what was done before, until it is disposed of. The listener itself is
 * never exchanged or taken away: without one, even for an instant, a signal ends the process without its exit code.
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

/** As if nobody had ever listened. */
function byDefault(signal: NodeJS.Signals): () => void {
  return () => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
}

/** For signals while the command only tells and closes: out, with the code that says that it can be gone on with. */
export function leaveAtOnce(): void {
  process.exit(EXIT.interrupted);
}
