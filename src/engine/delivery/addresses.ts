import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import { detailOf, Ended, fault } from './attemptEnd.ts';

/** Resolves a relay's addresses the way every other program on this machine does, hosts file included. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export const systemLookup: Lookup = async (host) =>
  (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address);

/** A relay's addresses, with address families alternating. Rejects with Ended at stage `resolve`. */
export async function lookUpRelay(host: string, find: Lookup): Promise<readonly string[]> {
  const bare = host.replace(/^\[(?:IPv6:)?(.*)\]$/i, '$1');
  if (isIP(bare)) return [bare];
  try {
    const found = await find(host);
    if (found.length === 0) throw new Ended(fault('resolve', 'noAddress', detail(faultDetails.noAddress, host)));
    return alternateFamilies(found);
  } catch (error) {
    if (error instanceof Ended) throw error;
    switch ((error as { code?: unknown } | null)?.code) {
      case 'ENOTFOUND':
        throw new Ended(fault('resolve', 'noSuchDomain', detail(faultDetails.noHost, host)));
      case 'ENODATA':
        throw new Ended(fault('resolve', 'noAddress', detail(faultDetails.noAddress, host)));
      default:
        throw new Ended(fault('resolve', 'dnsTemporary', detailOf(error)));
    }
  }
}

/** Keeps the order within each family and alternates between families, starting with the first address's family. */
export function alternateFamilies(addresses: readonly string[]): string[] {
  const firstFamily = isIP(addresses[0] ?? '');
  const first = addresses.filter((address) => isIP(address) === firstFamily);
  const other = addresses.filter((address) => isIP(address) !== firstFamily);
  const turns: string[] = [];
  for (let at = 0; at < Math.max(first.length, other.length); at++) {
    for (const address of [first[at], other[at]]) if (address !== undefined) turns.push(address);
  }
  return turns;
}

/** Address ranges that no public mail server can have, for both families. */
const forbidden = blockList([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b:1::/48',
  '100::/64',
  '2001:db8::/32',
  '3fff::/20',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]);

/** Whether a recipient's domain must not resolve to this address: loopback, private, link-local, multicast, reserved. */
export function isForbiddenAddress(address: string): boolean {
  if (isIP(address) === 4) return forbidden.check(address, 'ipv4');
  if (isIP(address) !== 6) return true;
  const wrapped = wrappedV4(address);
  return forbidden.check(address, 'ipv6') || (wrapped !== null && isForbiddenAddress(wrapped));
}

/**
 * A check that also allows the given networks, e.g. `127.0.0.0/8, fd00::/8`: for test labs only. Throws a
 * RangeError for anything that is not a network.
 */
export function allowingNetworks(networks: string): (address: string) => boolean {
  const allowed = blockList(networks.split(/[\s,]+/).filter((network) => network !== ''));
  return (address) => isForbiddenAddress(address) && !allowed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    const family = isIP(address);
    const prefix = bits === '' ? (family === 6 ? 128 : 32) : Number(bits);
    if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 6 ? 128 : 32)) {
      throw new RangeError(`not a network: ${network}`);
    }
    list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** The IPv4 address inside a mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96) or 6to4 (2002::/16) address, or null. */
function wrappedV4(address: string): string | null {
  const groups = expand(address);
  const prefix = groups.slice(0, 6).join(':');
  const quad = (high: number, low: number) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  if (prefix === '0:0:0:0:0:65535' || prefix === '100:65435:0:0:0:0' || prefix === '0:0:0:0:0:0') {
    return quad(groups[6] as number, groups[7] as number);
  }
  return groups[0] === 0x2002 ? quad(groups[1] as number, groups[2] as number) : null;
}

/** The eight groups of an IPv6 address as numbers. */
function expand(address: string): number[] {
  const plain = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_whole, ...octets) => {
    const [a, b, c, d] = octets.slice(0, 4).map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
