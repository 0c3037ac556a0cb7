import { parseAddress, parseDomain } from './address.ts';

/**
 * An entry of the list of those who must not be mailed, lower case: an address, a domain (`example.org` or `@example.org`, that
 * domain alone) or all its subdomains (`*.example.org`). Null for anything else.
 */
export function parseSuppressionEntry(text: string): string | null {
  const written = text.trim();
  if (written.startsWith('*.')) {
    const domain = parseDomain(written.slice(2));
    return domain && `*.${domain}`;
  }
  if (written.startsWith('@') || !written.includes('@')) return parseDomain(written.replace(/^@/, ''));
  const parsed = parseAddress(written);
  return parsed.ok ? parsed.address.toLowerCase() : null;
}

/** The entries of subdomains that a domain falls under: for `a.b.example.org`, `*.b.example.org` and `*.example.org`. */
export function wildcardsOver(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(1, -1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`);
}
