import { isIPv6 } from 'node:net';

/** The values of macros (RFC 7208, 7.2). */
export interface MacroValues {
  /** local-part@domain. */
  sender: string;
  /** The domain that is being evaluated. */
  domain: string;
  ip: string;
  helo: string;
  /** The validated name of the address, looked up only where it is needed. */
  validatedName(): Promise<string>;
}

const MACRO = /%\{([slodiphcrtv])(\d{0,3})(r?)([.+,/_=-]*)\}/iy;

/** RFC 7208, 7.1. The macros c, r and t occur in explanations only. */
export function isMacroString(text: string, letters = 'slodiphv'): boolean {
  return parts(text, letters) !== null;
}

/** A macro string that ends in a top-level label or in a macro. */
export function isDomainSpec(text: string): boolean {
  const found = parts(text, 'slodiphv');
  const last = found?.at(-1);
  if (!last) return false;
  if (last.kind === 'macro') return true;
  // "%%" and the like are no end of a name.
  if (!text.endsWith(last.text)) return false;
  const labels = last.text.replace(/\.$/, '').split('.');
  return labels.length > 1 && isTopLabel(labels.at(-1) ?? '');
}

/** Letters, digits and dashes within; not of digits alone. */
function isTopLabel(label: string): boolean {
  return /^[a-z0-9-]+$/i.test(label) && !/^\d+$/.test(label) && !label.startsWith('-') && !label.endsWith('-');
}

type Part =
  | { kind: 'text'; text: string }
  | { kind: 'macro'; letter: string; keep: number; reverse: boolean; delimiters: string };

function parts(text: string, letters: string): Part[] | null {
  const found: Part[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') found.push({ kind: 'text', text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const character = text[at] as string;
    if (character !== '%') {
      if (character < '!' || character > '~') return null;
      plain += character;
      at++;
      continue;
    }
    const literal = { '%%': '%', '%_': ' ', '%-': '%20' }[text.slice(at, at + 2)];
    if (literal !== undefined) {
      flush();
      found.push({ kind: 'text', text: literal });
      at += 2;
      continue;
    }
    MACRO.lastIndex = at;
    const [whole, letter = '', keep = '', reverse = '', delimiters = ''] = MACRO.exec(text) ?? [];
    if (whole === undefined || !letters.includes(letter.toLowerCase()) || /^0+$/.test(keep)) return null;
    flush();
    found.push({
      kind: 'macro',
      letter,
      keep: keep === '' ? 0 : Number(keep),
      reverse: reverse !== '',
      delimiters: delimiters === '' ? '.' : delimiters,
    });
    at += whole.length;
  }
  flush();
  return found;
}

/** A domain-spec with its macros expanded, truncated from the left to what DNS can carry (RFC 7208, 7.3). */
export async function expandDomain(spec: string, values: MacroValues): Promise<string> {
  let expanded = '';
  for (const part of parts(spec, 'slodiphv') ?? [])
    expanded += part.kind === 'text' ? part.text : await fill(part, values);
  let name = expanded.replace(/\.$/, '');
  while (name.length > 253) {
    const dot = name.indexOf('.');
    if (dot < 0) break;
    name = name.slice(dot + 1);
  }
  return name;
}

async function fill({ letter, keep, reverse, delimiters }: Extract<Part, { kind: 'macro' }>, values: MacroValues) {
  const value = await meaningOf(letter.toLowerCase(), values);
  let pieces = [''];
  for (const character of value) {
    if (delimiters.includes(character)) pieces.push('');
    else pieces[pieces.length - 1] += character;
  }
  if (reverse) pieces.reverse();
  if (keep > 0) pieces = pieces.slice(-keep);
  const joined = pieces.join('.');
  return letter === letter.toUpperCase() ? encodeURIComponent(joined).replace(/[!'()*]/g, percent) : joined;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

async function meaningOf(letter: string, { sender, domain, ip, helo, validatedName }: MacroValues): Promise<string> {
  const at = sender.lastIndexOf('@');
  switch (letter) {
    case 's':
      return sender;
    case 'l':
      return sender.slice(0, at);
    case 'o':
      return sender.slice(at + 1);
    case 'd':
      return domain;
    case 'i':
      return isIPv6(ip) ? nibbles(ip).join('.') : ip;
    case 'p':
      return validatedName();
    case 'v':
      return isIPv6(ip) ? 'ip6' : 'in-addr';
    default:
      return helo;
  }
}

/** The 32 hexadecimal digits of an IPv6 address. */
export function nibbles(ip: string): string[] {
  // An IPv4 address at the end is two groups.
  const colon = ip.lastIndexOf(':') + 1;
  const quad = ip.slice(colon).split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = quad;
  const last = quad.length === 4 ? `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}` : ip.slice(colon);
  const [head = '', tail] = `${ip.slice(0, colon)}${last}`.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const before = groups(head);
  const after = groups(tail);
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...(tail === undefined ? [] : zeros), ...after].flatMap((group) => [...group.padStart(4, '0')]);
}

/** The name under which an address has its PTR record. */
export function reverseName(ip: string): string {
  if (isIPv6(ip)) return `${nibbles(ip).reverse().join('.')}.ip6.arpa`;
  return `${ip.split('.').reverse().join('.')}.in-addr.arpa`;
}
