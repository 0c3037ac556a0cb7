/** Where the thing to mend is. `file` is a path or URI as its reader knows it; lines and columns count from 1. */
export interface Place {
  file: string;
  line?: number;
  column?: number;
  /** Settings key or front-matter key, when the place is one. */
  key?: string;
}

/**
 * A failure a person can mend. `message` names the thing and what failed in one sentence; `remedy` says what to do.
 * Front doors show both and open `place`. Anything that is not a UserError is a bug and is logged with its stack.
 */
export class UserError extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly place: Place | undefined;

  constructor(code: string, message: string, remedy: string, place?: Place) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.remedy = remedy;
    this.place = place;
  }
}

/** One sentence for a person, place first: `letter.md:3: …`. */
export function describeError(error: unknown): string {
  if (!(error instanceof UserError)) return error instanceof Error ? error.message : String(error);
  const { place } = error;
  const where = place ? `${place.file}${place.line ? `:${place.line}` : ''}: ` : '';
  return `${where}${error.message} ${error.remedy}`.trim();
}
