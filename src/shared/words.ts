import type { Text } from './errors.ts';

/**
 * Figures, dates, spans and plurals in a reader's language. No other code formats a figure or a date for a
 * person; a test checks that.
 */
export interface Words {
  readonly language: string;
  /** The sentence, translated. Figures among its arguments are written as this language writes them. */
  say(text: Text): string;
  /** Whether this count is singular in this language: in French, zero is. */
  isOne(value: number): boolean;
  number(value: number, digits?: number): string;
  /** `0.5` → “50%”. */
  percent(share: number, digits?: number): string;
  /** So many a second, with one decimal while there are few. */
  rate(value: number): string;
  bytes(value: number): string;
  /** Time of day; with the day when it is not today's. */
  time(at: number, now: number): string;
  /** Time of day, to the second when asked for. */
  clock(at: number, seconds?: boolean): string;
  /** Day, month and time of day. */
  day(at: number): string;
  /** Date and time, whole. */
  moment(at: number): string;
}

/** What a sentence is in another language; undefined where it stays as it is. */
export type Translate = (template: string) => string | undefined;

export function wordsIn(language: string, translate: Translate = () => undefined): Words {
  let plural: Intl.PluralRules | undefined;
  const [short = '', ...subtags] = language.split('-');
  const isKnown = (short === 'en' || short === 'fr') && !subtags.includes('u');
  // Whole and small: English and French write it as it is. The first of `Intl`'s formats costs milliseconds, and a short
  // command needs no other.
  const isPlain = (value: number) =>
    isKnown && Number.isInteger(value) && value < 1000 && (value > 0 || Object.is(value, 0));
  const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
  // Formats cost far more to make than to use.
  const numbers = (options: Intl.NumberFormatOptions) => {
    const key = `n${JSON.stringify(options)}`;
    const format = (formats.get(key) ?? new Intl.NumberFormat(language, options)) as Intl.NumberFormat;
    formats.set(key, format);
    return format;
  };
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const key = `d${JSON.stringify(options)}`;
    const format = (formats.get(key) ?? new Intl.DateTimeFormat(language, options)) as Intl.DateTimeFormat;
    formats.set(key, format);
    return format;
  };
  // 08:05, but 8:05 AM.
  let hour: 'numeric' | '2-digit' | undefined;
  const timeOfDay = () => {
    hour ??= /^h1/.test(dates({ hour: 'numeric' }).resolvedOptions().hourCycle ?? '') ? 'numeric' : '2-digit';
    return { hour, minute: '2-digit' } as const;
  };
  const words: Words = {
    language,
    say({ template: other, one, args }) {
      const template = one !== undefined && typeof args[0] === 'number' && words.isOne(args[0]) ? one : other;
      return (translate(template) ?? template).replace(/\{(\d+)\}/g, (whole, index) => {
        const value = args[Number(index)] ?? whole;
        if (typeof value === 'object') return words.say(value);
        return typeof value === 'number' ? words.number(value) : value;
      });
    },
    isOne(value) {
      if (isPlain(value)) return value === 1 || (value === 0 && short === 'fr');
      plural ??= new Intl.PluralRules(language);
      return plural.select(value) === 'one';
    },
    number: (value, digits = 0) =>
      digits === 0 && isPlain(value)
        ? String(value)
        : numbers({ minimumFractionDigits: digits, maximumFractionDigits: Math.max(digits, 3) }).format(value),
    percent: (share, digits = 0) => numbers({ style: 'percent', maximumFractionDigits: digits }).format(share),
    rate: (value) => (value < 10 ? words.number(Math.round(value * 10) / 10, 1) : words.number(Math.round(value))),
    bytes(value) {
      const power = value < 1000 ? 0 : value < 1_000_000 ? 1 : 2;
      const unit = (['byte', 'kilobyte', 'megabyte'] as const)[power] ?? 'byte';
      return numbers({ style: 'unit', unit, maximumFractionDigits: power === 0 ? 0 : 1 }).format(value / 1000 ** power);
    },
    time(at, now) {
      if (new Date(at).toDateString() === new Date(now).toDateString()) return words.clock(at);
      return `${dates({ weekday: 'short', day: 'numeric', month: 'short' }).format(at)} ${words.clock(at)}`;
    },
    clock: (at, seconds = false) => dates(seconds ? { ...timeOfDay(), second: '2-digit' } : timeOfDay()).format(at),
    day: (at) => dates({ day: 'numeric', month: 'short', ...timeOfDay() }).format(at),
    moment: (at) => dates({ dateStyle: 'medium', timeStyle: 'short' }).format(at),
  };
  return words;
}

/** A sentence about so many: `{0}` is how many, and both sentences may use it. */
export function plural(one: string, other: string, count: number, ...args: Text['args']): Text {
  return { template: other, one, args: [count, ...args] };
}

/** English, as it stands in the source: for logs and tests. */
export const plainWords: Words = wordsIn('en-GB');
