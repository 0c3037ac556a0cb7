import { type ParsedAddress, parseAddress } from '../../shared/address.ts';
import { msg } from '../../shared/errors.ts';

/**
 * An address as lists hold it: bare, `Ann Bell <ann@…>`, `Bell, Ann (ann@…)`, `mailto:ann@…`, or Google's
 * `first@… ::: second@…`, of which the first is the person's own. A cell with several addresses otherwise is refused:
 * which of them is meant cannot be known.
 */
export function readAddress(cell: string): ParsedAddress {
  const plain = parseAddress(cell);
  const hidden = isPlain.test(cell) ? '' : invisibleIn(cell.trim());
  if (plain.ok && !hidden) return plain;
  if (hidden) return { ok: false, reason: msg('it contains an invisible character ({0})', hidden) };
  const [first = '', ...others] = cell.split(' ::: ');
  if (others.length > 0) return readAddress(first);
  if (cell.length > LONGEST) return plain;
  const bare = cell
    .trim()
    .replace(/^mailto:\s*/i, '')
    .replace(/\?[^@]*$/, '');
  const several = bare.match(/[^\s,;:<>()"]+@[^\s,;:<>()"]+/g) ?? [];
  if (several.length > 1)
    return { ok: false, reason: msg('it contains {0} addresses; put one in each row', several.length) };
  const inside = /<([^<>]*)>\s*$/.exec(bare)?.[1] ?? /\(([^()]*@[^()]*)\)\s*$/.exec(bare)?.[1];
  const written = (inside ?? bare).trim().replace(/^mailto:\s*/i, '');
  const parsed = written === cell.trim() ? plain : parseAddress(written);
  return parsed.ok || inside !== undefined || written !== cell.trim() ? parsed : plain;
}

/** A cell with one address is never longer. */
const LONGEST = 1_000;

const isPlain = /^[\x20-\x7e]*$/;

const names: Record<string, string> = {
  '\u00a0': 'no-break space',
  '\u00ad': 'soft hyphen',
  '\u000b': 'vertical tab',
  '\u200b': 'zero width space',
  '\u200c': 'zero width non-joiner',
  '\u200d': 'zero width joiner',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u2060': 'word joiner',
  '\ufeff': 'byte order mark',
};

/** `U+200B zero width space` for the first invisible character in it; "" when there is none. */
export function invisibleIn(text: string): string {
  const found = /(?![\t\n\r])[\p{Cc}\p{Cf}\u00a0\u2000-\u200a\u2028\u2029]/u.exec(text)?.[0];
  if (found === undefined) return '';
  const code = `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return names[found] ? `${code} ${names[found]}` : code;
}
