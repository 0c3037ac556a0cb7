/** The sign before the decimals of a column: `12,50` or `12.50`. */
export type DecimalSign = ',' | '.';

/** Longer texts are no numbers. */
const MAX = 40;
const MONEY = String.raw`(?:[\p{Sc}%‰]|[A-Z]{3}|kr\.?|zł|Fr\.?)`;
const NUMBER = new RegExp(String.raw`^${MONEY}?([-+−]?)${MONEY}?(\d[\d.,'’]*)${MONEY}?$`, 'u');

/**
 * Reads a number as lists write it: `12,50`, `1.234,50`, `1 234,5`, `1'234.50`, `12,50 €`, `$1,200`. `sign` decides
 * what cannot be told from the number itself: one sign with three digits behind it, `1,234`. Null when it is no number.
 */
export function readNumber(written: string, sign: DecimalSign | null): number | null {
  if (written.length > MAX) return null;
  const text = written.replace(/[\s\u00a0\u202f\u2009]+/g, '');
  // Plain ones, and what JavaScript writes itself.
  if (/^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(text) && !(sign === ',' && /^-?\d{1,3}(?:\.\d{3})+$/.test(text)))
    return Number(text);
  const parts = NUMBER.exec(text);
  if (!parts) return null;
  const digits = (parts[2] ?? '').replace(/['’]/g, '');
  const decimal = decimalOf(digits, sign);
  const grouping = decimal === ',' ? '.' : ',';
  const [whole = '', fraction, ...more] = decimal === null ? [digits] : digits.split(decimal);
  if (more.length > 0 || fraction?.includes(grouping)) return null;
  const groups = whole.split(/[.,]/);
  if (groups.length > 1 && groups.slice(1).some((group) => group.length !== 3)) return null;
  const value = Number(`${groups.join('')}${fraction ? `.${fraction}` : ''}`);
  return Number.isNaN(value) ? null : parts[1] && parts[1] !== '+' ? -value : value;
}

/** What a number says of its column's decimals: `12,5` a comma, `1,234.5` a point, `1,234` either. */
export function signOf(written: string): DecimalSign | 'either' | null {
  if (written.length > MAX || !/[.,]/.test(written)) return null;
  const digits = NUMBER.exec(written.replace(/[\s\u00a0\u202f\u2009]+/g, ''))?.[2]?.replace(/['’]/g, '');
  if (digits === undefined || !/[.,]/.test(digits)) return null;
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(digits)) return 'either';
  return decimalOf(digits, null) ?? (digits.includes(',') ? '.' : ',');
}

function decimalOf(digits: string, sign: DecimalSign | null): DecimalSign | null {
  const comma = digits.lastIndexOf(',');
  const point = digits.lastIndexOf('.');
  if (comma < 0 && point < 0) return null;
  if (comma >= 0 && point >= 0) return comma > point ? ',' : '.';
  const own: DecimalSign = comma >= 0 ? ',' : '.';
  // Two of the same sign are between thousands.
  if (digits.indexOf(own) !== digits.lastIndexOf(own)) return null;
  const grouped = /^[1-9]\d{0,2}[.,]\d{3}$/.test(digits);
  if (!grouped) return own;
  if (sign !== null) return sign === own ? own : null;
  // A comma with three digits behind it is between thousands, as in English; a point is a point.
  return own === '.' ? own : null;
}
