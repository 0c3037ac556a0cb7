/** Which of day and month comes first in `04/03/2026`. */
export type DateOrder = 'dmy' | 'mdy';

/** A date as it stands on a calendar and a clock; `zone` in minutes east of Greenwich, null when none was written. */
export interface WrittenDate {
  /** What calendar and clock show, as if in UTC. */
  wall: Date;
  zone: number | null;
  hasTime: boolean;
}

const TIME = String.raw`(?:[T ]{1,3}(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?)?)?`;
const ZONE = String.raw`(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${TIME}${ZONE}$`, 'i');
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})${TIME}${ZONE}$`, 'i');
const COMPACT = /^(19|20)(\d{2})(\d{2})(\d{2})$/;

/** Longer texts are no dates. */
const MAX = 60;

/**
 * Reads a date as lists write it. One without a zone is the same day everywhere: nothing is counted from Greenwich.
 * `order` decides what cannot be told from the date itself.
 */
export function readDate(written: string, order: DateOrder): WrittenDate | null {
  if (written.length > MAX) return null;
  const text = written.trim();
  const compact = COMPACT.exec(text);
  if (compact) return made(`${compact[1]}${compact[2]}`, compact[3], compact[4], []);
  const first = YEAR_FIRST.exec(text);
  if (first) return made(first[1], first[3], first[4], first.slice(5));
  const last = YEAR_LAST.exec(text);
  if (last) {
    const [, a = '', mark, b = '', year = ''] = last;
    const century = year.length === 2 ? (Number(year) < 70 ? '20' : '19') : '';
    // Only slashes and dashes are written in either order; with dots the day comes first.
    const monthFirst = Number(b) > 12 || (mark !== '.' && order === 'mdy' && Number(a) <= 12);
    return made(`${century}${year}`, monthFirst ? a : b, monthFirst ? b : a, last.slice(5));
  }
  return inWords(text);
}

/** Whether day and month can be told apart in a date such as `25/03/2026`; null when it has no such form. */
export function orderOf(written: string): DateOrder | 'either' | null {
  if (written.length > MAX) return null;
  const last = YEAR_LAST.exec(written.trim());
  if (!last || last[2] === '.') return null;
  const [a, b] = [Number(last[1]), Number(last[3])];
  if (a > 31 || b > 31 || (a > 12 && b > 12) || a === 0 || b === 0) return null;
  return a > 12 ? 'dmy' : b > 12 ? 'mdy' : a === b ? null : 'either';
}

function made(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  time: readonly (string | undefined)[],
): WrittenDate | null {
  const [hour, minute, second, fraction, half, zone] = time;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  let h = Number(hour ?? 0);
  if (half) h = (h % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const ms = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'));
  const wall = new Date(Date.UTC(y, m - 1, d, h, Number(minute ?? 0), Number(second ?? 0), ms));
  wall.setUTCFullYear(y, m - 1, d);
  // The 31st of February is no date, and neither is 25 o'clock.
  if (wall.getUTCMonth() !== m - 1 || wall.getUTCDate() !== d || h > 23 || Number(minute ?? 0) > 59) return null;
  return { wall, zone: zone === undefined ? null : zoneOf(zone), hasTime: hour !== undefined };
}

function zoneOf(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  return parts ? (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) : 0;
}

/** `March 4, 2026`, `4 Mar 2026 10:00`: what JavaScript reads, which takes a date in words for local time. */
function inWords(text: string): WrittenDate | null {
  if (!/\p{L}/u.test(text) || !/\d{4}/.test(text)) return null;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return null;
  const zone = /(?:\b(?:Z|UTC|GMT)|[+-]\d{2}:?\d{2})(?:\s*\([^)]*\))?$/i.exec(text);
  const hasTime = /\d:\d{2}/.test(text);
  if (zone) return { wall: at, zone: 0, hasTime };
  const wall = new Date(
    Date.UTC(at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()),
  );
  return { wall, zone: null, hasTime };
}
