import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { DnsResult, RecordType, RecordTypes, Resolver } from '../../shared/dns.ts';
import { expandDomain, type MacroValues, reverseName } from './macros.ts';
import { type Directive, isSpfRecord, parseSpf, type SpfRecord } from './record.ts';

/** RFC 7208, 2.6. */
export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'temperror' | 'permerror';

/** The limit on terms that query DNS, over all records together (RFC 7208, 4.6.4). */
export const MOST_LOOKUPS = 10;
/** Lookups without a result; beyond this an evaluator may give up. */
export const MOST_VOIDS = 2;
const MOST_NAMES = 10;
const MOST_RECURSIONS = 20;

export interface SpfSubject {
  ip: string;
  /** local-part@domain of MAIL FROM. */
  sender: string;
  helo: string;
}

/** Ends the evaluation at any point. */
class SpfError extends Error {
  readonly result: 'temperror' | 'permerror';

  constructor(result: 'temperror' | 'permerror') {
    super(result);
    this.result = result;
  }
}

/** Whether an address may send for a domain: check_host of RFC 7208, 4. */
export async function checkHost(subject: SpfSubject, domain: string, dns: Resolver): Promise<SpfResult> {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(subject.ip)?.[1];
  try {
    return await new Evaluation({ ...subject, ip: mapped ?? subject.ip }, dns).check(domain, 0);
  } catch (error) {
    if (error instanceof SpfError) return error.result;
    throw error;
  }
}

/** Labels that DNS can carry, at least two of them. */
export function isLookupName(domain: string): boolean {
  const labels = domain.replace(/\.$/, '').split('.');
  return (
    domain.length <= 253 &&
    labels.length > 1 &&
    labels.every((label) => label.length > 0 && label.length <= 63 && /^[\x20-\x7e]+$/.test(label))
  );
}

const results = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const;

class Evaluation {
  readonly #subject: SpfSubject;
  readonly #dns: Resolver;
  #lookups = 0;
  #voids = 0;

  constructor(subject: SpfSubject, dns: Resolver) {
    this.#subject = subject;
    this.#dns = dns;
  }

  async check(domain: string, depth: number): Promise<SpfResult> {
    if (!isLookupName(domain) || depth > MOST_RECURSIONS) return 'none';
    const record = await this.#record(domain);
    if (record === null) return 'none';
    for (const directive of record.directives) {
      if (await this.#matches(directive, domain, depth)) return results[directive.qualifier];
    }
    if (record.redirect === null || record.directives.some(({ mechanism }) => mechanism === 'all')) return 'neutral';
    this.#count();
    const result = await this.check(await this.#expand(record.redirect, domain), depth + 1);
    if (result === 'none') throw new SpfError('permerror');
    return result;
  }

  /** The record of a domain, null when it has none. */
  async #record(domain: string): Promise<SpfRecord | null> {
    const answer = await this.#dns.query(domain, 'TXT');
    if (answer.kind === 'failed') throw new SpfError('temperror');
    const records = answer.kind === 'found' ? answer.records.filter(isSpfRecord) : [];
    const [text] = records;
    if (text === undefined) return null;
    const parsed = records.length > 1 ? { term: '' } : parseSpf(text);
    if ('term' in parsed) throw new SpfError('permerror');
    return parsed;
  }

  async #matches(directive: Directive, domain: string, depth: number): Promise<boolean> {
    const { ip } = this.#subject;
    switch (directive.mechanism) {
      case 'all':
        return true;
      case 'ip4':
      case 'ip6':
        return isWithin(ip, directive.network, directive.bits);
      case 'include': {
        this.#count();
        const result = await this.check(await this.#expand(directive.domain, domain), depth + 1);
        if (result === 'none') throw new SpfError('permerror');
        return result === 'pass';
      }
      case 'exists': {
        this.#count();
        return (await this.#find(await this.#expand(directive.domain, domain), 'A')).length > 0;
      }
      case 'a': {
        this.#count();
        const name = await this.#expand(directive.domain, domain);
        return this.#isOneOf(await this.#find(name, isIPv4(ip) ? 'A' : 'AAAA'), directive);
      }
      case 'mx': {
        this.#count();
        return this.#matchesMx(directive, await this.#expand(directive.domain, domain));
      }
      case 'ptr': {
        this.#count();
        const wanted = (await this.#expand(directive.domain, domain)).toLowerCase();
        const names = await this.#validatedNames();
        return names.some((name) => name === wanted || name.endsWith(`.${wanted}`));
      }
      default:
        return directive satisfies never;
    }
  }

  async #matchesMx(directive: Extract<Directive, { mechanism: 'a' | 'mx' }>, name: string): Promise<boolean> {
    const exchanges = await this.#find(name, 'MX');
    if (exchanges.length > MOST_NAMES) throw new SpfError('permerror');
    for (const { exchange } of exchanges) {
      if (!isLookupName(exchange)) continue;
      const answer = await this.#dns.query(exchange, isIPv4(this.#subject.ip) ? 'A' : 'AAAA');
      if (answer.kind === 'failed') throw new SpfError('temperror');
      if (answer.kind === 'found' && this.#isOneOf(answer.records, directive)) return true;
    }
    return false;
  }

  #isOneOf(addresses: readonly string[], { v4, v6 }: { v4: number; v6: number }): boolean {
    const { ip } = this.#subject;
    return addresses.some((address) => isWithin(ip, address, isIPv4(ip) ? v4 : v6));
  }

  /** Names of the address that resolve back to it (RFC 7208, 5.5); a DNS error just means none. */
  async #validatedNames(): Promise<string[]> {
    const { ip } = this.#subject;
    const answer = await this.#dns.query(reverseName(ip), 'PTR');
    if (answer.kind !== 'found') {
      if (answer.kind !== 'failed') this.#void();
      return [];
    }
    const names: string[] = [];
    for (const name of answer.records.slice(0, MOST_NAMES)) {
      const forward = await this.#dns.query(name, isIPv4(ip) ? 'A' : 'AAAA');
      if (forward.kind === 'found' && forward.records.some((address) => isWithin(ip, address, 128)))
        names.push(name.toLowerCase());
    }
    return names;
  }

  async #find<T extends RecordType>(name: string, type: T): Promise<readonly RecordTypes[T][]> {
    if (!isLookupName(name)) return [];
    const answer: DnsResult<RecordTypes[T]> = await this.#dns.query(name, type);
    if (answer.kind === 'failed') throw new SpfError('temperror');
    if (answer.kind === 'found') return answer.records;
    this.#void();
    return [];
  }

  #count(): void {
    if (++this.#lookups > MOST_LOOKUPS) throw new SpfError('permerror');
  }

  #void(): void {
    if (++this.#voids > MOST_VOIDS) throw new SpfError('permerror');
  }

  #expand(spec: string | null, domain: string): Promise<string> | string {
    if (spec === null) return domain;
    const { ip, helo } = this.#subject;
    const sender = this.#subject.sender.startsWith('@') ? `postmaster${this.#subject.sender}` : this.#subject.sender;
    const values: MacroValues = {
      sender,
      domain,
      ip,
      helo,
      validatedName: async () => {
        const names = await this.#validatedNames();
        const own = names.find((name) => name === domain) ?? names.find((name) => name.endsWith(`.${domain}`));
        return own ?? names[0] ?? 'unknown';
      },
    };
    return expandDomain(spec, values);
  }
}

/** Whether an address is in a network; never across families. */
function isWithin(ip: string, network: string, bits: number): boolean {
  const four = isIPv4(ip);
  if (four ? !isIPv4(network) : !(isIPv6(ip) && isIPv6(network))) return false;
  const list = new BlockList();
  list.addSubnet(network, Math.min(bits, four ? 32 : 128), four ? 'ipv4' : 'ipv6');
  return list.check(ip, four ? 'ipv4' : 'ipv6');
}
