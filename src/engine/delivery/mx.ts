import { isIP } from 'node:net';
import type { Resolver } from '../../shared/dns.ts';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { AttemptEnd } from '../../shared/outcome.ts';
import { fault } from './attemptEnd.ts';

/** The hosts that accept a domain's mail, in groups of equal preference, best first; alphabetical within a group. */
export interface MailHosts {
  groups: readonly (readonly string[])[];
  /** Validated by DNSSEC; only then does DANE apply (RFC 7672 2.2.1). */
  authenticated: boolean;
}

export type FoundHosts = { kind: 'hosts'; hosts: MailHosts } | { kind: 'ended'; end: AttemptEnd };

/**
 * RFC 5321 5.1. Without an MX record the domain's own address counts. A null MX (RFC 7505) and a name that does not exist
 * are final; any other DNS failure is temporary, and never makes the address count instead.
 */
export async function findMailHosts(domain: string, resolver: Resolver): Promise<FoundHosts> {
  const literal = /^\[(?:IPv6:)?([^\]]+)\]$/i.exec(domain)?.[1];
  if (literal !== undefined) {
    if (isIP(literal)) return hosts([[literal]], false);
    return ended('noSuchDomain', detail(faultDetails.noLiteral, domain));
  }
  if (!isHostName(domain)) return ended('noSuchDomain', detail(faultDetails.noDomainName, domain));
  const answer = await resolver.query(domain, 'MX');
  switch (answer.kind) {
    case 'failed':
      return ended(answer.code, answer.detail);
    case 'noName':
      return ended('noSuchDomain', detail(faultDetails.noDomain, domain));
    case 'noData':
      return hosts([[domain]], answer.authenticated);
    case 'found': {
      const real = answer.records.filter((record) => record.exchange !== '');
      if (real.length === 0) return ended('nullMx', detail(faultDetails.nullMx, domain));
      const usable = real.filter((record) => isHostName(record.exchange) || isIP(record.exchange) === 4);
      if (usable.length === 0) return ended('noAddress', detail(faultDetails.noExchange, domain));
      const groups = new Map<number, Set<string>>();
      for (const { preference, exchange } of usable) {
        const group = groups.get(preference) ?? new Set();
        groups.set(preference, group.add(exchange));
      }
      const sorted = [...groups].sort(([a], [b]) => a - b).map(([, names]) => [...names].sort());
      return hosts(sorted, answer.authenticated);
    }
    default:
      return answer satisfies never;
  }
}

/** Groups as one list, each group in random order (RFC 5321 5.1: MUST randomize). `random` is below 1. */
export function inRandomOrder(groups: MailHosts['groups'], random: () => number): string[] {
  return groups.flatMap((group) => {
    const names = [...group];
    for (let at = names.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [names[at], names[other]] = [names[other] as string, names[at] as string];
    }
    return names;
  });
}

/** A name a mail host can have: LDH labels, at least one dot, no bare address. Underscores are tolerated. */
export function isHostName(name: string): boolean {
  if (name.length > 253 || isIP(name) !== 0) return false;
  const labels = name.split('.');
  return labels.length > 1 && labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
}

function hosts(groups: MailHosts['groups'], authenticated: boolean): FoundHosts {
  return { kind: 'hosts', hosts: { groups, authenticated } };
}

function ended(code: Parameters<typeof fault>[1], why: string): FoundHosts {
  return { kind: 'ended', end: fault('resolve', code, why) };
}
