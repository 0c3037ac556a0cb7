export const EXIT = { sent: 0, someFailed: 1, refused: 2, interrupted: 3 } as const;

/** What a person, a terminal or a system ends a command with. */
export const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** For signals while the command only tells and closes: out, with the code that says that it can be gone on with. */
export function leaveAtOnce(): void {
  process.exit(EXIT.interrupted);
}
