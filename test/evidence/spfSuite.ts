import { parseAllDocuments } from 'yaml';
import { checkHost } from '../../src/evidence/spf/checkHost.ts';
import type { DnsResult, RecordType, RecordTypes, Resolver } from '../../src/shared/dns.ts';

/** A scenario in the form of the test suite of RFC 7208: zones and what must come out of them. */
export interface SpfScenario {
  description: string;
  tests: Record<string, { helo?: string; host: string; mailfrom?: string; result: string | string[] }>;
  zonedata: Record<string, readonly (string | Record<string, unknown>)[]>;
}

export function readSuite(text: string): SpfScenario[] {
  return parseAllDocuments(text, { uniqueKeys: false }).flatMap((document) => {
    const scenario = document.toJS() as SpfScenario | null;
    return scenario?.tests ? [scenario] : [];
  });
}

/** Runs every test of a suite; gives back how many there were and what went otherwise than it says. */
export async function runSuite(scenarios: readonly SpfScenario[]): Promise<{ count: number; wrong: string[] }> {
  let count = 0;
  const wrong: string[] = [];
  for (const { description, tests, zonedata } of scenarios) {
    const dns = suiteZone(zonedata);
    for (const [name, { helo = '', host, mailfrom = '', result }] of Object.entries(tests)) {
      count++;
      const sender =
        mailfrom === '' ? `postmaster@${helo}` : mailfrom.includes('@') ? mailfrom : `postmaster@${mailfrom}`;
      const domain = sender.slice(sender.lastIndexOf('@') + 1);
      const said = await checkHost({ ip: host, sender, helo }, domain, dns);
      if (![result].flat().includes(said)) wrong.push(`${description}: ${name}: ${said} instead of ${[result].flat()}`);
    }
  }
  return { count, wrong };
}

/** Its zones as a resolver. "SPF" stands for TXT too, unless a TXT is given for the name. */
function suiteZone(zonedata: SpfScenario['zonedata']): Resolver {
  const zone = new Map(
    Object.entries(zonedata).map(([name, records]) => [name.toLowerCase().replace(/\.$/, ''), records]),
  );
  return {
    async query<T extends RecordType>(name: string, type: T): Promise<DnsResult<RecordTypes[T]>> {
      let wanted = name.toLowerCase().replace(/\.$/, '');
      for (let hops = 0; hops < 10; hops++) {
        const entries = zone.get(wanted);
        if (!entries) return { kind: 'noName', ttlMs: 0, authenticated: false };
        const all = entries.filter((entry): entry is Record<string, unknown> => typeof entry === 'object');
        const has = (key: string) => all.some((entry) => key in entry);
        const values = all.flatMap((entry) => {
          const key = type === 'TXT' && !has('TXT') ? 'SPF' : type;
          return key in entry && entry[key] !== 'NONE' ? [entry[key]] : [];
        });
        if (values.length > 0) {
          const records = values.map((value) => recordOf(value, type)) as RecordTypes[T][];
          return { kind: 'found', records, name: wanted, ttlMs: 0, authenticated: false };
        }
        if (entries.includes('TIMEOUT')) return { kind: 'failed', code: 'dnsTemporary', detail: 'TIMEOUT' };
        const alias = all.find((entry) => 'CNAME' in entry)?.CNAME;
        if (alias === undefined) return { kind: 'noData', ttlMs: 0, authenticated: false };
        wanted = String(alias).toLowerCase().replace(/\.$/, '');
      }
      return { kind: 'failed', code: 'dnsTemporary', detail: 'a circle' };
    },
  };
}

function recordOf(value: unknown, type: RecordType): unknown {
  switch (type) {
    case 'MX': {
      const [preference, exchange] = value as [number, string];
      return { preference, exchange: exchange.replace(/\.$/, '') };
    }
    case 'TXT':
      return [value].flat().join('');
    default:
      return String(value).replace(/\.$/, '');
  }
}
