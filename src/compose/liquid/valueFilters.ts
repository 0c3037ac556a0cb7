import { filters as builtIn, type FilterImplOptions, type Liquid } from 'liquidjs';
import { DateCell, NumberCell } from '../values/cells.ts';
import { type DateOrder, readDate, type WrittenDate } from '../values/readDate.ts';
import { readNumber } from '../values/readNumber.ts';
import { type CalendarTime, dateFormat, strftime } from '../values/strftime.ts';

type Filter = { context: { getSync(path: string[]): unknown } };

/** Dates and numbers as lists write them, shown in the letter's language: nothing depends on this machine's settings. */
export function registerValueFilters(engine: Liquid): void {
  engine.registerFilter('date', dateFilter);
  engine.registerFilter('date_to_xmlschema', function (this: Filter, value: unknown) {
    return dateFilter.call(this, value, '%Y-%m-%dT%H:%M:%S%:z');
  });
  engine.registerFilter('date_to_rfc822', function (this: Filter, value: unknown) {
    const shown = shownDate(this, value, undefined);
    return shown ? strftime(shown, '%a, %d %b %Y %H:%M:%S %z', 'en') : value;
  });
  for (const [name, month] of [
    ['date_to_string', '%b'],
    ['date_to_long_string', '%B'],
  ] as const)
    engine.registerFilter(name, function (this: Filter, value: unknown, type?: unknown, style?: unknown) {
      if (type !== 'ordinal') return dateFilter.call(this, value, `%d ${month} %Y`);
      return dateFilter.call(this, value, style === 'US' ? `${month} %-d%q, %Y` : `%-d%q ${month} %Y`);
    });
  for (const name of mathFilters) engine.registerFilter(name, calculated(name));
  engine.registerFilter('number', function (this: Filter, value: unknown, digits?: unknown) {
    return shownNumber(this, value, typeof digits === 'number' ? digits : undefined);
  });
  engine.registerFilter('currency', function (this: Filter, value: unknown, code?: unknown, digits?: unknown) {
    const wanted = typeof digits === 'number' ? digits : undefined;
    const known = typeof code === 'string' && /^[A-Za-z]{3}$/.test(code) ? code.toUpperCase() : undefined;
    return shownNumber(this, value, known ? wanted : (wanted ?? 2), known);
  });
}

/** Set by the composer, to a value that `Intl` accepts. */
function langOf({ context }: Filter): string {
  const lang = context.getSync(['envoi_lang']);
  return typeof lang === 'string' && lang !== '' ? lang : 'en';
}

/** `04/03/2026` is the 4th of March except in American English, whose order is also that of English without a country. */
export function orderIn(lang: string): DateOrder {
  return /^(?:en|en-us|en-ph|es-us|fil)$/i.test(lang.replace('_', '-')) ? 'mdy' : 'dmy';
}

const styles = new Set(['short', 'medium', 'long', 'full']);

function dateFilter(this: Filter, value: unknown, format?: unknown, zone?: unknown): unknown {
  const shown = shownDate(this, value, zone);
  if (!shown) return value;
  const wanted = format === undefined || format === null || format === '' ? 'long' : String(format);
  const lang = langOf(this);
  if (!styles.has(wanted)) return strftime(shown, wanted, lang);
  return dateFormat(lang, { dateStyle: wanted as 'short' }).format(shown.wall);
}

function shownDate(filter: Filter, value: unknown, zone: unknown): CalendarTime | null {
  // "now" is the campaign's date: a retry tomorrow must give the same bytes.
  const given = value === 'now' || value === 'today' ? filter.context.getSync(['envoi_now']) : value;
  if (typeof given === 'number') return moment(given * 1000, zone);
  if (given instanceof Date) return moment(given.getTime(), zone);
  if (typeof given !== 'string' && !(given instanceof String)) return null;
  const text = given.toString();
  const order = given instanceof DateCell ? given.order : orderIn(langOf(filter));
  const written = readDate(text, order);
  if (written === null) return /^\d{9,11}$/.test(text) ? moment(Number(text) * 1000, zone) : null;
  return written.zone === null ? floating(written) : moment(written.wall.getTime() - written.zone * 60_000, zone);
}

function floating({ wall }: WrittenDate): CalendarTime {
  return { wall, zone: null, at: wall.getTime() };
}

/** A moment, in the zone asked for (a name, or minutes west of Greenwich), or else this machine's. */
function moment(at: number, zone: unknown): CalendarTime | null {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return null;
  const east = -(typeof zone === 'number'
    ? zone
    : typeof zone === 'string'
      ? -eastOf(zone, date)
      : date.getTimezoneOffset());
  return { wall: new Date(at + east * 60_000), zone: east, at };
}

function eastOf(zone: string, date: Date): number {
  try {
    const parts = dateFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(date);
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return Math.round((wall - date.getTime()) / 60_000);
  } catch {
    return 0;
  }
}

const mathFilters = [
  'abs',
  'at_least',
  'at_most',
  'ceil',
  'divided_by',
  'floor',
  'minus',
  'plus',
  'modulo',
  'times',
  'round',
] as const;

/** As liquidjs', on numbers as people write them; the result is written as the first of them was. */
function calculated(name: (typeof mathFilters)[number]) {
  const calculate = builtIn[name] as FilterImplOptions & ((this: unknown, ...args: unknown[]) => unknown);
  return function (this: unknown, value: unknown, ...rest: unknown[]): unknown {
    const result = calculate.call(this, plainNumber(value), ...rest.map(plainNumber));
    if (typeof result !== 'number') return result;
    // Readers expect 0.1 + 0.2 to be 0.3.
    const neat = Number.isInteger(result) ? result : Number(result.toPrecision(12));
    const comma = typeof value !== 'number' && hasDecimalComma(String(value));
    return comma && !Number.isInteger(neat) ? new NumberCell(String(neat).replace('.', ','), neat) : neat;
  };
}

/** Longer texts are not numbers. */
const MAX_NUMBER = 40;

function hasDecimalComma(written: string): boolean {
  return written.length <= MAX_NUMBER && /,\d+\D*$/.test(written) && !/,.*\./.test(written);
}

/** A number where it can be read as one; anything else unchanged. */
function plainNumber(value: unknown): unknown {
  if (value instanceof NumberCell) return Number(value);
  if (typeof value !== 'string' && !(value instanceof String)) return value;
  return readNumber(value.toString(), null) ?? value;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

function shownNumber(filter: Filter, value: unknown, digits: number | undefined, currency?: string): unknown {
  const number = plainNumber(value);
  if (typeof number !== 'number' || !Number.isFinite(number)) return value;
  const lang = langOf(filter);
  const places = digits === undefined ? undefined : Math.min(20, Math.max(0, Math.trunc(digits)));
  const key = `${lang} ${places} ${currency}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(lang, {
      ...(currency ? { style: 'currency', currency } : {}),
      ...(places === undefined ? {} : { minimumFractionDigits: places, maximumFractionDigits: places }),
    });
    numberFormats.set(key, format);
  }
  return format.format(number);
}
