import type { HeardLimit } from '../../shared/outcome.ts';
import { LETTERS } from './vocabulary/limits.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Where a reply names two spans, the shorter one wins: it is the one that was reached. */
const spans: readonly [RegExp, number][] = [
  [/per second|par seconde|pro sekunde|por segundo|\/ ?s(?:ec)?\b/, SECOND],
  [
    /per minute|par minute|pro minute|por minuto|(?:this|last|past|an?|each) minute|\/ ?m(?:in(?:ute)?)?\b|\b1 ?min/,
    MINUTE,
  ],
  [
    /per hour|hourly|\b(?:this|last|past|an?|each|one) ?hour|(?<![.\d])1 ?hour|\/ ?h(?:our)?\b|\b1 ?h\b|par heure|horaire|(?:cette|une) heure|pro stunde|stu?e?ndlich|por hora/,
    HOUR,
  ],
  [
    /per day|daily|today|(?:this|last|past|a|each|one) day|\b24 ?(?:h\b|hours?|heures|stunden|horas)|\b1 ?d(?:ay)?\b|\/ ?d(?:ay)?\b|par jour|journali|quotidien|aujourd|pro tag|ta?e?glich|\btages|heute|por dia|al dia|diari|\bhoy\b/,
    DAY,
  ],
  [/per month|monthly|(?:this|last|a) month|par mois|mensuel|pro monat|monatlich|por mes|mensual/, 30 * DAY],
];

/** "in 60 s", "within 10 minutes", "in the last 24 hours". */
const COUNTED_SPAN =
  /\b(\d{1,4}) ?(s\b|sec|seconds?|secondes?|sekunden|segundos|m\b|min|minutes?|minuten|minutos|h\b|hours?|heures?|stunden?|horas?|d\b|days?|jours?|tage?|dias?)/;

const counts: readonly RegExp[] = [
  // "501 recipients out of 500 allowed"
  /\bout of (\d[\d,. ]*\d|\d)\b/,
  // "(500/500 (100%))", "501 of 500": the allowed number comes last.
  /\(?\b(\d[\d,. ]*) ?(?:\/|of|out of|sur|von|de) ?(\d[\d,. ]*\d|\d)\b(?!\.)/,
  // "limit of 200", "more than 300", "maximum: 100"
  /(?:limits?|limite|maximum|max|quota|more than|over|allowed|plus de|mehr als|mas de|allowance)(?: \w+){0,3}?(?: of| is| de| von| is set to)? ?[:=(]? ?(\d[\d,. ]*\d|\d)\b/,
  // "send 250 per day"
  /\b(\d[\d,. ]*\d|\d) ?(?:per|par|pro|por|\/) ?[a-z]/,
  // "200 messages per hour", "300 emails/day"
  new RegExp(`\\b(\\d[\\d,. ]*\\d|\\d) ?(?:\\w+ ){0,2}?${LETTERS}`),
];

/**
 * The limit a server names when it refuses because of it: how many, in what span. Pure; from plain text. Either may be
 * missing, and then our own ledger has to supply it.
 */
export function heardLimit(plain: string): HeardLimit {
  const perMs = spanIn(plain);
  const count = countIn(plain);
  return { ...(count === undefined ? {} : { count }), ...(perMs === undefined ? {} : { perMs }) };
}

function spanIn(plain: string): number | undefined {
  for (const [words, ms] of spans) if (words.test(plain)) return ms;
  // "reset in 3 hours" is a wait, no window.
  const counted = COUNTED_SPAN.exec(plain.replace(/(?:reset|again|retry|wait|resume)\w*[^.;]{0,20}?\d+ ?\w+/g, ''));
  if (!counted) return undefined;
  const unit = counted[2] ?? '';
  const ms = /^s(?:ec|eg|ek|\b)/.test(unit) ? SECOND : /^m/.test(unit) ? MINUTE : /^(?:h|stu)/.test(unit) ? HOUR : DAY;
  return Number(counted[1]) * ms;
}

function countIn(plain: string): number | undefined {
  const text = plain.replace(COUNTED_SPAN, ' ').replace(/\d+(?:\.\d+)? ?%/g, ' ');
  for (const pattern of counts) {
    const found = pattern.exec(text);
    const written = found && (found[2] ?? found[1]);
    // "1,000" and "10 000" are one number; a lone "4.7" is a code or a rate.
    const number = written ? Number(written.replace(/[,. ](?=\d{3}\b)/g, '').replace(/[,\s.]+$/, '')) : Number.NaN;
    if (Number.isInteger(number) && number > 0) return number;
  }
  return undefined;
}
