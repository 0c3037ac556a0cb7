import type { UserErrorCode } from './errorCodes.ts';
import type { FindingCode } from './findingCodes.ts';

/**
 * A sentence for a person that can still be translated: `{0}` in the template stands for the first argument, which may
 * be a text to translate itself.
 * Front doors without translations call `format`; the editor hands both to its own translator.
 */
export interface Text {
  template: string;
  args: readonly (string | number | Text)[];
  /** Used instead of the template when the first argument is one, as the reader's language counts (`plural` in words.ts). */
  one?: string;
}

/** Makes a Text. The template is a literal, so that the translations can be checked for completeness. */
export function msg(template: string, ...args: (string | number | Text)[]): Text {
  return { template, args };
}

export function format(text: Text): string {
  const template = text.one !== undefined && text.args[0] === 1 ? text.one : text.template;
  return template.replace(/\{(\d+)\}/g, (whole, index) => {
    const value = text.args[Number(index)] ?? whole;
    return typeof value === 'object' ? format(value) : String(value);
  });
}

/** The place to fix. `file` is a path or URI as its reader knows it; lines and columns count from 1. */
export interface Place {
  file: string;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
  /** Settings key or front-matter key, when the place is one. */
  key?: string;
}

const userError = Symbol.for('envoi.UserError');

/**
 * A failure a person can fix. The message names the thing and what failed in one sentence; the remedy says what to
 * do. Front doors show both and open `place`. Anything that is not a UserError is a bug and is logged with its stack.
 */
export class UserError extends Error {
  readonly code: UserErrorCode;
  readonly what: Text;
  readonly remedy: Text;
  readonly place: Place | undefined;
  readonly [userError] = true;

  /** Each bundle has its own copy of this class; an error thrown in one is recognized in the others. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && userError in value;
  }

  constructor(code: UserErrorCode, what: Text, remedy: Text, place?: Place) {
    super(format(what));
    this.name = 'UserError';
    this.code = code;
    this.what = what;
    this.remedy = remedy;
    this.place = place;
  }
}

/** One line for a person, place first: `letter.md:3: …`. */
export function describeError(error: unknown): string {
  if (!(error instanceof UserError)) return error instanceof Error ? error.message : String(error);
  const { place } = error;
  const where = place ? `${place.file}${place.line ? `:${place.line}` : ''}: ` : '';
  return `${where}${error.message} ${format(error.remedy)}`.trim();
}

/** Something found in a document, a list or the settings. Errors block sending. */
export interface Finding {
  severity: 'error' | 'warning' | 'info';
  code: FindingCode;
  text: Text;
  place: Place;
  /** What a quick fix needs, e.g. `{ field: "frist_name", suggestion: "first_name" }`. */
  data?: Record<string, string>;
}
