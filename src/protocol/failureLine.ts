import type { UserErrorCode } from '../shared/errorCodes.ts';
import { type Text, UserError } from '../shared/errors.ts';

const HEAD = 'cannot begin ';

/** Why an engine could not start, as the last line of its log: the process that started it reads it and shows it in its language. */
export function failureLine({ code, what, remedy, place }: UserError): string {
  return HEAD + JSON.stringify({ code, what, remedy, place });
}

/** The failure of such a line; null for any other line. */
export function readFailureLine(line: string): UserError | null {
  if (!line.startsWith(HEAD)) return null;
  try {
    const failure = JSON.parse(line.slice(HEAD.length)) as {
      code: UserErrorCode;
      what: Text;
      remedy: Text;
      place?: { file: string };
    };
    return new UserError(failure.code, failure.what, failure.remedy, failure.place);
  } catch {
    return null;
  }
}
