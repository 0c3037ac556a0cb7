/** A moment as a calendar and a clock show it. */
export interface CalendarTime {
  /** What they show, as if in UTC. */
  wall: Date;
  /** Minutes east of Greenwich; null where no zone was written. */
  zone: number | null;
  /** Epoch milliseconds; as if in UTC where no zone was written. */
  at: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Cached: creating one costs a hundred times as much as using it. */
export function dateFormat(lang: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${lang} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(lang, { ...options, timeZone: options.timeZone ?? 'UTC' });
    formats.set(key, format);
  }
  return format;
}

interface Field {
  value: string | number;
  /** Digits, and what fills them up. */
  width?: number;
  fill?: '0' | ' ';
}

type Conversion = (shown: CalendarTime, lang: string, flags: string) => Field;

const two = (value: number): Field => ({ value, width: 2, fill: '0' });
const named =
  (options: Intl.DateTimeFormatOptions): Conversion =>
  ({ wall }, lang) => ({ value: nameIn(wall, lang, options) });
const styled =
  (options: Intl.DateTimeFormatOptions): Conversion =>
  ({ wall }, lang) => ({ value: dateFormat(lang, options).format(wall) });
const again =
  (format: string): Conversion =>
  (shown, lang) => ({ value: strftime(shown, format, lang) });
const text =
  (value: string): Conversion =>
  () => ({ value });
const hourOf12 = (wall: Date) => wall.getUTCHours() % 12 || 12;

const conversions: Record<string, Conversion> = {
  a: named({ weekday: 'short' }),
  A: named({ weekday: 'long' }),
  b: named({ month: 'short' }),
  h: named({ month: 'short' }),
  B: named({ month: 'long' }),
  c: styled({ dateStyle: 'short', timeStyle: 'medium' }),
  C: ({ wall }) => two(Math.floor(wall.getUTCFullYear() / 100)),
  d: ({ wall }) => two(wall.getUTCDate()),
  D: again('%m/%d/%y'),
  e: ({ wall }) => ({ value: wall.getUTCDate(), width: 2 }),
  F: again('%Y-%m-%d'),
  G: ({ wall }) => ({ value: isoWeek(wall).year }),
  g: ({ wall }) => two(isoWeek(wall).year % 100),
  H: ({ wall }) => two(wall.getUTCHours()),
  I: ({ wall }) => two(hourOf12(wall)),
  j: ({ wall }) => ({ value: dayOfYear(wall), width: 3, fill: '0' }),
  k: ({ wall }) => ({ value: wall.getUTCHours(), width: 2 }),
  l: ({ wall }) => ({ value: hourOf12(wall), width: 2 }),
  L: ({ wall }) => ({ value: wall.getUTCMilliseconds(), width: 3, fill: '0' }),
  m: ({ wall }) => two(wall.getUTCMonth() + 1),
  M: ({ wall }) => two(wall.getUTCMinutes()),
  n: text('\n'),
  N: ({ wall }) => ({ value: String(wall.getUTCMilliseconds()).padStart(3, '0').padEnd(9, '0') }),
  p: ({ wall }) => ({ value: wall.getUTCHours() < 12 ? 'AM' : 'PM' }),
  P: ({ wall }) => ({ value: wall.getUTCHours() < 12 ? 'am' : 'pm' }),
  q: ({ wall }) => ({ value: ordinal(wall.getUTCDate()) }),
  R: again('%H:%M'),
  r: again('%I:%M:%S %p'),
  s: ({ at }) => ({ value: Math.floor(at / 1000) }),
  S: ({ wall }) => two(wall.getUTCSeconds()),
  t: text('\t'),
  T: again('%H:%M:%S'),
  u: ({ wall }) => ({ value: wall.getUTCDay() || 7 }),
  U: ({ wall }) => two(Math.floor((dayOfYear(wall) + 6 - wall.getUTCDay()) / 7)),
  V: ({ wall }) => two(isoWeek(wall).week),
  w: ({ wall }) => ({ value: wall.getUTCDay() }),
  W: ({ wall }) => two(Math.floor((dayOfYear(wall) + 6 - ((wall.getUTCDay() + 6) % 7)) / 7)),
  x: styled({ dateStyle: 'short' }),
  X: styled({ timeStyle: 'medium' }),
  y: ({ wall }) => two(wall.getUTCFullYear() % 100),
  Y: ({ wall }) => ({ value: wall.getUTCFullYear() }),
  z: ({ zone }, _, flags) => ({ value: zoneText(zone ?? 0, flags.includes(':')) }),
  Z: ({ zone }) => ({ value: zone === null ? '' : zone === 0 ? 'UTC' : zoneText(zone, true) }),
  '%': text('%'),
};

/** `%d %B %Y` and the rest of C's strftime, with the names of months and days in the letter's language. */
export function strftime(shown: CalendarTime, format: string, lang: string): string {
  const each = (whole: string, flags: string, width: string | undefined, conversion: string): string => {
    const field = conversions[conversion]?.(shown, lang, flags);
    if (field === undefined) return whole;
    let value = String(field.value);
    if (flags.includes('^')) value = value.toUpperCase();
    else if (flags.includes('#')) value = swapCase(value);
    if (flags.includes('-')) return value;
    const fill = flags.includes('_') ? ' ' : flags.includes('0') ? '0' : (field.fill ?? ' ');
    return value.padStart(Number(width ?? field.width ?? 0), fill);
  };
  return format.replace(/%([-_0^#:]{0,3})(\d{1,3})?[EO]?([a-zA-Z%])/g, each);
}

/** Of a whole date, so that languages that inflect a month's name after a day (`4 марта`) do so. */
function nameIn(wall: Date, lang: string, options: Intl.DateTimeFormatOptions): string {
  if (!options.month) return dateFormat(lang, options).format(wall);
  const parts = dateFormat(lang, { day: 'numeric', ...options }).formatToParts(wall);
  const month = parts.find((part) => part.type === 'month')?.value ?? '';
  // Where the whole date has digits for the month (Chinese, Japanese), the month by itself has its sign.
  return /^\d+$/.test(month) ? dateFormat(lang, options).format(wall) : month;
}

function dayOfYear(wall: Date): number {
  return Math.floor((wall.getTime() - Date.UTC(wall.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

function isoWeek(wall: Date): { year: number; week: number } {
  const thursday = new Date(wall.getTime());
  thursday.setUTCDate(wall.getUTCDate() + 4 - (wall.getUTCDay() || 7));
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

function ordinal(day: number): string {
  if (day > 10 && day < 14) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

function zoneText(zone: number, colon: boolean): string {
  const minutes = Math.abs(zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${zone < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${colon ? ':' : ''}${two(minutes % 60)}`;
}

function swapCase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}
