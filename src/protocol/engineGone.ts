import { msg, UserError } from '../shared/errors.ts';

export function engineGone(): UserError {
  return new UserError(
    'engineGone',
    msg('The connection to the sending engine ended.'),
    msg('Nothing is lost: everything confirmed is on disk. Try again.'),
  );
}

/** The request has not been carried out, and will not be: the engine is closing. */
export function engineEnding(): UserError {
  return new UserError(
    'engineEnding',
    msg('The sending engine is shutting down and accepts no new work.'),
    msg('Try again in a moment. Nothing was sent.'),
  );
}

/** Whether the engine went away during a call; an idempotent call can be repeated to the next one. */
export function isEngineGone(error: unknown): boolean {
  return error instanceof UserError && (error.code === 'engineGone' || error.code === 'engineEnding');
}
