import { msg, UserError } from '../shared/errors.ts';

/**
 * Reads the time of `--at`: "18:30" (the next such moment), "2026-11-24 09:00" (local), or ISO 8601 with a zone. Throws
 * UserErrors for an invalid time and for a past one: a missed time is never run silently.
 */
export function parseWhen(text: string, now: number): number {
  const trimmed = text.trim();
  const clock = /^(\d{1,2}):(\d{2})$/.exec(trimmed);
  if (clock) {
    const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
    if (hours < 24 && minutes < 60) {
      const date = new Date(now);
      date.setHours(hours, minutes, 0, 0);
      if (date.getTime() <= now) date.setDate(date.getDate() + 1);
      return date.getTime();
    }
  }
  const iso = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/.test(trimmed);
  const at = iso && isDay(trimmed.slice(0, 10)) ? Date.parse(trimmed.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new UserError(
      'badTime',
      msg('“{0}” is not a time.', text),
      msg('Write it as 18:30, as 2026-11-24 09:00, or with a zone as 2026-11-24T09:00+01:00.'),
    );
  }
  if (at <= now) {
    throw new UserError('pastTime', msg('{0} has passed.', text), msg('Give a time in the future, or leave --at out.'));
  }
  return at;
}

/** False for 30 February, which would be read as 2 March. */
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
