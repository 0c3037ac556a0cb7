import { networkInterfaces } from 'node:os';
import type { Resolver } from '../../shared/dns.ts';
import { allowingNetworks, isForbiddenAddress, type Lookup, systemLookup } from './addresses.ts';
import { ChunkingKnowledge } from './chunkingUse.ts';
import { type Connect, systemConnect } from './dial.ts';
import { DnsClient } from './dnsClient.ts';
import { KeptSessions } from './keptSessions.ts';
import { CachingResolver } from './resolver.ts';
import { ResolverHealth } from './resolverHealth.ts';
import { type FetchPolicy, httpsFetcher, publicLookup } from './sts.ts';
import type { Timeouts } from './timeouts.ts';

/** Delivery's environment, passed in so that tests and test labs can replace it. */
export interface DeliveryDeps {
  resolver: Resolver;
  /** Without a cache: for a person who has just changed a record. */
  fresh: Resolver & Pick<DnsClient, 'reach'>;
  /** Addresses of this computer that are not loopback. */
  ownAddresses(): readonly string[];
  connect: Connect;
  /** For relays, which are resolved the way every program resolves a host. */
  lookup: Lookup;
  fetchPolicy: FetchPolicy;
  isForbiddenAddress(address: string): boolean;
  isOwnAddress(address: string): boolean;
  now(): number;
  random(): number;
  /** PEM; trusted in addition where MTA-STS requires a verified certificate. */
  ca: string;
  /** Whether the name servers can be trusted. */
  health?: ResolverHealth;
  /** Replaces the usual timeouts. */
  timeouts?: Timeouts;
  /** Connections that tests have left open for a campaign. */
  kept?: KeptSessions;
  /** Absent: no message uses BDAT. */
  chunking?: ChunkingKnowledge;
}

export interface SystemOptions {
  /** As in the setting `envoi.direct.dnsServers`; empty = this machine's. */
  dnsServers: readonly string[];
  /**
   * Networks that MX records may lead to in addition to public ones, e.g. "127.0.0.0/8": for test labs, from the
   * environment variable ENVOI_LAB_ADDRESSES. "" = none.
   */
  labAddresses: string;
}

/** Short, because whether a name server works must be known soon. */
const CANARY_TIMEOUTS_MS = [1_500, 2_000];

/** The real environment. Throws RangeError when a DNS server or a network cannot be parsed. */
export function systemDeps({ dnsServers, labAddresses }: SystemOptions): DeliveryDeps {
  const forbidden = labAddresses === '' ? isForbiddenAddress : allowingNetworks(labAddresses);
  return {
    resolver: new CachingResolver(new DnsClient(dnsServers), Date.now),
    fresh: new DnsClient(dnsServers, CANARY_TIMEOUTS_MS),
    health: new ResolverHealth(new DnsClient(dnsServers, CANARY_TIMEOUTS_MS), Date.now),
    kept: new KeptSessions(),
    chunking: new ChunkingKnowledge(Date.now),
    connect: systemConnect,
    lookup: systemLookup,
    fetchPolicy: httpsFetcher({ lookup: publicLookup(forbidden) }),
    isForbiddenAddress: forbidden,
    isOwnAddress: (address) => ownAddresses().includes(address),
    ownAddresses,
    now: Date.now,
    random: Math.random,
    ca: '',
  };
}

/** Loopback is not an address at which others reach us; it is forbidden for other reasons. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).flatMap((own) => (own.internal ? [] : [own.address])),
  );
}
