import { isIPv4, isIPv6 } from 'node:net';
import { isDomainSpec, isMacroString } from './macros.ts';

export type Qualifier = '+' | '-' | '~' | '?';

/** A mechanism with its qualifier (RFC 7208, 5). `domain` is as written, with its macros; null = the current one. */
export type Directive = { qualifier: Qualifier; text: string } & (
  | { mechanism: 'all' }
  | { mechanism: 'include' | 'exists'; domain: string }
  | { mechanism: 'ptr'; domain: string | null }
  | { mechanism: 'a' | 'mx'; domain: string | null; v4: number; v6: number }
  | { mechanism: 'ip4' | 'ip6'; network: string; bits: number }
);

export interface SpfRecord {
  text: string;
  directives: readonly Directive[];
  /** Followed when nothing matches and there is no `all`. */
  redirect: string | null;
  exp: string | null;
}

/** Terms of the record that are not SPF terms. */
export interface SpfSyntaxError {
  term: string;
}

export function isSpfRecord(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

/** RFC 7208, 4.6.1 and 12: a single fault invalidates the whole record. */
export function parseSpf(text: string): SpfRecord | SpfSyntaxError {
  const directives: Directive[] = [];
  const modifiers = new Map<string, string>();
  for (const term of text.slice('v=spf1'.length).split(' ')) {
    if (term === '') continue;
    const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i.exec(term);
    if (modifier) {
      const [, written = '', value = ''] = modifier;
      const name = written.toLowerCase();
      const known = name === 'redirect' || name === 'exp';
      if (known ? modifiers.has(name) || !isDomainSpec(value) : !isMacroString(value)) return { term };
      if (known) modifiers.set(name, value);
      continue;
    }
    const directive = readDirective(term);
    if (!directive) return { term };
    directives.push(directive);
  }
  return { text, directives, redirect: modifiers.get('redirect') ?? null, exp: modifiers.get('exp') ?? null };
}

function readDirective(text: string): Directive | null {
  const first = text[0] ?? '';
  const qualifier = ('+-~?'.includes(first) ? first : '+') as Qualifier;
  const rest = '+-~?'.includes(first) ? text.slice(1) : text;
  const end = rest.search(/[:/]/);
  const name = (end < 0 ? rest : rest.slice(0, end)).toLowerCase();
  const argument = end < 0 ? '' : rest.slice(end);
  const common = { qualifier, text };
  switch (name) {
    case 'all':
      return argument === '' ? { ...common, mechanism: name } : null;
    case 'include':
    case 'exists':
      return argument[0] === ':' && isDomainSpec(argument.slice(1))
        ? { ...common, mechanism: name, domain: argument.slice(1) }
        : null;
    case 'ptr': {
      const domain = optionalDomain(argument);
      return domain === undefined ? null : { ...common, mechanism: name, domain };
    }
    case 'a':
    case 'mx': {
      const cidr = dualCidr(argument);
      const domain = cidr ? optionalDomain(cidr.before) : undefined;
      return cidr && domain !== undefined ? { ...common, mechanism: name, domain, v4: cidr.v4, v6: cidr.v6 } : null;
    }
    case 'ip4':
    case 'ip6':
      return readNetwork(name, argument, common);
    default:
      return null;
  }
}

/** Undefined for an invalid domain; null for none. */
function optionalDomain(argument: string): string | null | undefined {
  if (argument === '') return null;
  return argument[0] === ':' && isDomainSpec(argument.slice(1)) ? argument.slice(1) : undefined;
}

/** The lengths at the end: `/24`, `//64`, `/24//64`. Null where a length is too long. */
function dualCidr(argument: string): { before: string; v4: number; v6: number } | null {
  let before = argument;
  let v6 = 128;
  let v4 = 32;
  const six = /\/\/(\d{1,9})$/.exec(before);
  if (six) {
    const bits = prefixLength(six[1] ?? '', 128);
    if (bits === null) return null;
    v6 = bits;
    before = before.slice(0, six.index);
  }
  const four = /\/(\d{1,9})$/.exec(before);
  if (four) {
    const bits = prefixLength(four[1] ?? '', 32);
    if (bits === null) return null;
    v4 = bits;
    before = before.slice(0, four.index);
  }
  return { before, v4, v6 };
}

function readNetwork(
  mechanism: 'ip4' | 'ip6',
  argument: string,
  common: { qualifier: Qualifier; text: string },
): Directive | null {
  if (argument[0] !== ':') return null;
  const slash = argument.indexOf('/');
  const network = argument.slice(1, slash < 0 ? undefined : slash);
  const most = mechanism === 'ip4' ? 32 : 128;
  const bits = slash < 0 ? most : prefixLength(argument.slice(slash + 1), most);
  const valid = mechanism === 'ip4' ? isIPv4(network) : isIPv6(network) && !network.includes('%');
  return valid && bits !== null ? { ...common, mechanism, network, bits } : null;
}

function prefixLength(digits: string, most: number): number | null {
  return /^(?:0|[1-9]\d{0,2})$/.test(digits) && Number(digits) <= most ? Number(digits) : null;
}
