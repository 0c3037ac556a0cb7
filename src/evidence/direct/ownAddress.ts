import { isIP } from 'node:net';
import type { DirectSettings } from '../../shared/settings.ts';
import type { EvidencePorts, MailServerGreeting } from '../ports.ts';

/**
 * This computer's public address: preferably the one that mail servers echo in their replies to EHLO, then
 * the configured one, then an interface's. Null when none is public.
 */
export function ownAddress(
  greetings: readonly MailServerGreeting[],
  { localAddress }: Pick<DirectSettings, 'localAddress'>,
  { ownAddresses, isPrivate }: Pick<EvidencePorts, 'ownAddresses' | 'isPrivate'>,
): string | null {
  const echoed = greetings.flatMap((greeting) => (greeting.kind === 'greeted' ? addressesIn(greeting.hello) : []));
  const all = [...echoed, localAddress, ...ownAddresses()];
  return all.find((address) => isIP(address) !== 0 && !isPrivate(address)) ?? null;
}

/** “mx.example.net at your service, [192.0.2.1]”, “Hello host.example [2001:db8::1]”, “Hello 192.0.2.1, nice to meet you”. */
export function addressesIn(text: string): string[] {
  return text
    .slice(0, 500)
    .split(/[\s[\](),;<>]/)
    .map((word) => word.replace(/^ipv6:/i, '').replace(/\.$/, ''))
    .filter((word) => isIP(word) !== 0);
}
