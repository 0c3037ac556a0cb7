import type { Resolver } from '../../shared/dns.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { isLookupName, MOST_LOOKUPS } from './checkHost.ts';
import { type Directive, isSpfRecord, parseSpf, type SpfRecord } from './record.ts';

/** Everything a domain's record queries DNS for, whoever sends: each term is followed, whatever comes before it. */
export interface SpfTree {
  domain: string;
  state:
    | { kind: 'record'; record: SpfRecord }
    | { kind: 'none' }
    | { kind: 'several'; texts: readonly string[] }
    | { kind: 'syntax'; text: string; term: string }
    | { kind: 'failed'; code: string; detail: string };
  /** Terms that query DNS, here and below. */
  lookups: number;
  /** Names that were looked up and do not exist, here and below. */
  voids: readonly string[];
  /** What it includes, or is redirected to, each with its own tree. */
  includes: readonly { text: string; tree: SpfTree }[];
}

/** Records below are followed until this many terms have queried DNS: far beyond the limit. */
const ENOUGH = 5 * MOST_LOOKUPS;

/** Follows a domain's SPF record through all its includes. A loop ends at that limit. */
export async function expandSpf(domain: string, dns: Resolver): Promise<SpfTree> {
  const budget = { left: ENOUGH };
  return expand(domain, dns, budget);
}

async function expand(domain: string, dns: Resolver, budget: { left: number }): Promise<SpfTree> {
  const bare = { domain, lookups: 0, voids: [], includes: [] };
  const answer = await dns.query(domain, 'TXT');
  if (answer.kind === 'failed') return { ...bare, state: answer };
  const texts = answer.kind === 'found' ? answer.records.filter(isSpfRecord) : [];
  const [text] = texts;
  if (text === undefined) return { ...bare, state: { kind: 'none' } };
  if (texts.length > 1) return { ...bare, state: { kind: 'several', texts } };
  const record = parseSpf(text);
  if ('term' in record) return { ...bare, state: { kind: 'syntax', text, term: record.term } };
  let lookups = 0;
  const voids: string[] = [];
  const includes: { text: string; tree: SpfTree }[] = [];
  const follow = async (term: string, spec: string) => {
    if (spec.includes('%') || !isLookupName(spec)) return;
    const tree = await expand(spec.replace(/\.$/, ''), dns, budget);
    lookups += tree.lookups;
    voids.push(...tree.voids);
    includes.push({ text: term, tree });
  };
  for (const directive of record.directives) {
    if (!asksDns(directive)) continue;
    lookups++;
    if (--budget.left < 0) break;
    if (directive.mechanism === 'include') await follow(directive.text, directive.domain);
    else voids.push(...(await voidOf(directive, domain, dns)));
  }
  if (record.redirect !== null && !endsWithAll(record) && --budget.left >= 0) {
    lookups++;
    await follow(`redirect=${record.redirect}`, record.redirect);
  }
  return { domain, state: { kind: 'record', record }, lookups, voids, includes };
}

function asksDns({ mechanism }: Directive): boolean {
  return mechanism !== 'all' && mechanism !== 'ip4' && mechanism !== 'ip6';
}

export function endsWithAll({ directives }: SpfRecord): boolean {
  return directives.some(({ mechanism }) => mechanism === 'all');
}

/** The name of a term that finds nothing. */
async function voidOf(directive: Directive, domain: string, dns: Resolver): Promise<string[]> {
  if (directive.mechanism !== 'a' && directive.mechanism !== 'mx') return [];
  const name = directive.domain ?? domain;
  if (name.includes('%') || !isLookupName(name)) return [];
  const types = directive.mechanism === 'mx' ? (['MX'] as const) : (['A', 'AAAA'] as const);
  for (const type of types) {
    const { kind } = await dns.query(name, type);
    if (kind === 'found' || kind === 'failed') return [];
  }
  return [name];
}

/** All domains whose records count for this one. */
export function domainsOf(tree: SpfTree): string[] {
  return [tree.domain.toLowerCase(), ...tree.includes.flatMap(({ tree: below }) => domainsOf(below))];
}

/** The first fault below that invalidates the whole record: an include that does not exist, or that cannot be parsed. */
export function faultBelow(tree: SpfTree): Text | null {
  for (const { text, tree: below } of tree.includes) {
    switch (below.state.kind) {
      case 'none':
        return msg('“{0}” leads to a domain without an SPF record', text);
      case 'several':
        return msg('“{0}” leads to a domain with two SPF records', text);
      case 'syntax':
        return msg('“{0}” leads to a record with an error at “{1}”', text, below.state.term);
      default: {
        const deeper = faultBelow(below);
        if (deeper) return deeper;
      }
    }
  }
  return null;
}

/** “include:a.example 4, include:b.example 7”: the cost of each, including itself. */
export function lookupCosts(tree: SpfTree): string {
  return tree.includes.map(({ text, tree: below }) => `${text} ${below.lookups + 1}`).join(', ');
}
