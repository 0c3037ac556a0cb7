import { isIPv4 } from 'node:net';
import { msg } from '../../shared/errors.ts';
import type { EvidenceItem } from '../../shared/evidence.ts';
import { item, unasked } from '../item.ts';
import type { EvidencePorts } from '../ports.ts';
import { reverseName } from '../spf/macros.ts';

const MOST_NAMES = 10;

/** PTR, back to the address, and the name in EHLO (RFC 5321, 4.1.4; required by all large providers). */
export async function hostItems(address: string | null, ports: EvidencePorts): Promise<EvidenceItem[]> {
  if (address === null) {
    const text = msg(
      'This computer’s public address could not be determined: no mail server responded, and no interface has one.',
    );
    return [item('directHost', 'unasked', text)];
  }
  const reverse = reverseName(address);
  const ptr = await ports.dns.query(reverse, 'PTR');
  if (ptr.kind === 'failed') return [unasked('directHost', `PTR ${reverse}`, ptr)];
  if (ptr.kind !== 'found') {
    const text = msg(
      'The address {0} has no reverse DNS name (PTR): Gmail and others reject mail from it. Ask your provider for one, or use a relay.',
      address,
    );
    return [item('directHost', 'failed', text, '', { name: reverse, type: 'PTR', value: `${ports.hello}.` })];
  }
  const found = ptr.records.map((name) => `PTR ${name}`).join('\n');
  const names = await confirmed(ptr.records.slice(0, MOST_NAMES), address, ports);
  const [name] = names;
  if (name === undefined) {
    const text = msg('{0} is named {1}, but that name does not resolve back to it.', address, ptr.records[0] ?? '');
    const type = 'A' as const;
    return [item('directHost', 'failed', text, found, { name: ptr.records[0] ?? '', type, value: address })];
  }
  if (isGeneric(name, address)) {
    const text = msg(
      '{0} is named {1}, a name typical of home connections: many providers reject mail from those. Ask for another name, or use a relay.',
      address,
      name,
    );
    return [item('directHost', 'failed', text, found)];
  }
  return [await helloItem(names, address, found, ports)];
}

async function helloItem(
  names: readonly string[],
  address: string,
  found: string,
  ports: EvidencePorts,
): Promise<EvidenceItem> {
  const hello = ports.hello.toLowerCase();
  if (names.includes(hello)) {
    return item(
      'directHost',
      'passed',
      msg('{0} is named {1}, and announces that name in EHLO.', address, hello),
      found,
    );
  }
  const leads = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(hello) && (await confirmed([hello], address, ports)).length > 0;
  const text = leads
    ? msg(
        '{0} is named {1} and announces {2} in EHLO, which also resolves to it: good enough.',
        address,
        names[0] ?? '',
        hello,
      )
    : msg(
        '{0} is named {1} but announces {2} in EHLO, which does not resolve to it: set envoi.direct.hello to {1}.',
        address,
        names[0] ?? '',
        hello,
      );
  return item('directHost', leads ? 'passed' : 'warned', text, found);
}

/** Names that resolve back to the address. */
async function confirmed(names: readonly string[], address: string, { dns }: EvidencePorts): Promise<string[]> {
  const type = isIPv4(address) ? 'A' : 'AAAA';
  const found: string[] = [];
  for (const name of names) {
    const forward = await dns.query(name, type);
    if (forward.kind === 'found' && forward.records.some((each) => reverseName(each) === reverseName(address)))
      found.push(name.toLowerCase());
  }
  return found;
}

const GENERIC =
  /(?:^|[.-])(?:dyn|dynamic|dhcp|dsl|adsl|vdsl|xdsl|pool|ppp|pppoe|cable|dialup|dial|client|customer|res|residential|fbx|abo|cpe|broadband|home|user|mobile|wireless|nat)\d{0,8}(?=[.-]|$)/i;

/** A name made from the address, or that says “subscriber”. */
export function isGeneric(name: string, address: string): boolean {
  if (GENERIC.test(name)) return true;
  if (!isIPv4(address)) return false;
  const numbers = new Set(name.split(/[^0-9]+/).filter((part) => part !== ''));
  const octets = address.split('.');
  return octets.filter((octet) => numbers.has(octet) || numbers.has(octet.padStart(3, '0'))).length >= 3;
}
