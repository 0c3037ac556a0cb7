import { isIP } from 'node:net';
import type { Resolver } from '../../shared/dns.ts';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { FaultCode } from '../../shared/outcome.ts';
import type { DirectSettings } from '../../shared/settings.ts';

export type HostAddresses =
  /** `own`: the host is this machine. IPv4 first: home lines often have no reverse name for IPv6, which large providers refuse. */
  | { kind: 'addresses'; addresses: readonly string[]; name: string; authenticated: boolean; own: boolean }
  | { kind: 'none'; code: FaultCode; detail: string };

export interface AddressRules {
  /** Where a recipient's domain must not lead. */
  isForbiddenAddress(address: string): boolean;
  /** An address at which others reach this machine. */
  isOwnAddress(address: string): boolean;
}

/** All addresses of a mail host. An error in one family is ignored while the other has an address. */
export async function findAddresses(
  host: string,
  family: DirectSettings['ipFamily'],
  resolver: Resolver,
  rules: AddressRules,
): Promise<HostAddresses> {
  let name = host;
  let authenticated = false;
  let found: string[];
  let failure: { code: FaultCode; detail: string } | undefined;
  if (isIP(host)) {
    found = [host];
  } else {
    const types =
      family === 'ipv4' ? (['A'] as const) : family === 'ipv6' ? (['AAAA'] as const) : (['A', 'AAAA'] as const);
    const answers = await Promise.all(types.map((type) => resolver.query(host, type)));
    found = [];
    authenticated = true;
    for (const answer of answers) {
      if (answer.kind === 'failed') failure = { code: answer.code, detail: answer.detail };
      else authenticated &&= answer.authenticated;
      if (answer.kind !== 'found') continue;
      found.push(...answer.records);
      name = answer.name;
    }
  }
  // A temporary error wins: the address may exist.
  if (found.length === 0)
    return { kind: 'none', ...(failure ?? { code: 'noAddress', detail: detail(faultDetails.noAddress, host) }) };
  const own = found.some((address) => rules.isOwnAddress(address));
  const addresses = found.filter((address) => !rules.isForbiddenAddress(address) && !rules.isOwnAddress(address));
  if (addresses.length === 0 && !own) {
    return {
      kind: 'none',
      code: 'mailLoop',
      detail: detail(faultDetails.impossibleAddresses, host, found.join(', ')),
    };
  }
  return { kind: 'addresses', addresses, name, authenticated: authenticated && !failure, own };
}

/** The addresses to try, up to a limit, with at least one of each family where the limit allows two. */
export function withinBudget(addresses: readonly string[], room: number): readonly string[] {
  const v4 = addresses.filter((address) => isIP(address) === 4);
  const v6 = addresses.filter((address) => isIP(address) === 6);
  if (v4.length + v6.length <= room || room < 2) return [...v4, ...v6].slice(0, room);
  const six = v6.length > 0 ? Math.max(1, room - v4.length) : 0;
  return [...v4.slice(0, room - six), ...v6.slice(0, six)];
}
