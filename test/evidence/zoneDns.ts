import type { EvidencePorts } from '../../src/evidence/index.ts';
import type { DnsResult, RecordType, RecordTypes, Resolver } from '../../src/shared/dns.ts';
import type { Zone } from '../support/dnsServer.ts';

/** A zone as a resolver, without a network: for tables of many rows. */
export function zoneDns(zone: Zone): Resolver & { names: string[]; readonly count: number } {
  const names: string[] = [];
  return {
    names,
    get count() {
      return names.length;
    },
    async query<T extends RecordType>(name: string, type: T): Promise<DnsResult<RecordTypes[T]>> {
      names.push(`${type} ${name}`);
      let wanted = name.toLowerCase();
      for (let hops = 0; hops < 10; hops++) {
        const entry = zone[wanted];
        if (!entry) return { kind: 'noName', ttlMs: 0, authenticated: false };
        if (entry.fail) return { kind: 'failed', code: 'dnsTemporary', detail: 'SERVFAIL' };
        const records = (entry[type] ?? []) as RecordTypes[T][];
        if (records.length > 0) return { kind: 'found', records, name: wanted, ttlMs: 0, authenticated: false };
        if (entry.CNAME === undefined) return { kind: 'noData', ttlMs: 0, authenticated: false };
        wanted = entry.CNAME;
      }
      return { kind: 'failed', code: 'dnsTemporary', detail: 'a circle' };
    },
  };
}

/** A world that nobody is in. */
export const silentPorts: EvidencePorts = {
  dns: zoneDns({}),
  readKey: () => Promise.reject(new Error('no file')),
  hello: 'mail.good.example',
  ownAddresses: () => [],
  isPrivate: (address) => address.startsWith('10.') || address.startsWith('127.'),
  reachDns: async () => '',
  dnsWorks: async () => true,
  greetMailServer: async (domain) => ({ kind: 'failed', host: domain, detail: 'nobody is here' }),
  proveUnsubscribe: async () => ({ looked: { kind: 'unreachable', detail: 'nobody is here' } }),
};
