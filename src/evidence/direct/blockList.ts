import { isIPv4 } from 'node:net';
import type { Resolver } from '../../shared/dns.ts';
import { msg } from '../../shared/errors.ts';
import type { EvidenceItem } from '../../shared/evidence.ts';
import { item, whyUnasked } from '../item.ts';
import { nibbles } from '../spf/macros.ts';

/** Lists that large providers use. https://www.spamhaus.org/faqs/dnsbl-usage, https://www.spamcop.net/fom-serve/cache/291.html (2026-11-30) */
const LISTS = [
  { zone: 'zen.spamhaus.org', label: 'Spamhaus ZEN', remedy: 'https://check.spamhaus.org/' },
  { zone: 'bl.spamcop.net', label: 'SpamCop', remedy: 'https://www.spamcop.net/bl.shtml' },
] as const;

/** Address ranges that should not send mail directly, according to their own provider or Spamhaus. */
const POLICY = ['127.0.0.10', '127.0.0.11'];

/** Whether an address is listed. A list is trusted only through a resolver to which it responds as in RFC 5782, 5. */
export async function blockListItems(address: string, dns: Resolver): Promise<EvidenceItem[]> {
  return Promise.all(LISTS.map((list) => askList(list, address, dns)));
}

async function askList(
  { zone, label, remedy }: (typeof LISTS)[number],
  address: string,
  dns: Resolver,
): Promise<EvidenceItem> {
  const notAsked = (why: ReturnType<typeof msg>) =>
    item('blockList', 'unasked', msg('{0} could not be checked: {1}', label, why));
  const [listed, free] = await Promise.all([dns.query(`2.0.0.127.${zone}`, 'A'), dns.query(`1.0.0.127.${zone}`, 'A')]);
  if (listed.kind === 'failed') return notAsked(whyUnasked(listed));
  if (listed.kind !== 'found' || listed.records.some(isRefusal) || free.kind === 'found')
    return notAsked(msg('it does not answer this name server, just as it does not answer large public resolvers.'));
  const answer = await dns.query(`${listName(address)}.${zone}`, 'A');
  if (answer.kind === 'failed') return notAsked(whyUnasked(answer));
  if (answer.kind !== 'found') return item('blockList', 'passed', msg('{0} is not on {1}.', address, label));
  const found = answer.records.join(' ');
  if (answer.records.some(isRefusal)) return notAsked(msg('it refuses queries from this name server ({0}).', found));
  if (answer.records.every((code) => POLICY.includes(code))) {
    const text = msg(
      '{1} lists {0} as a home connection (PBL): most providers reject mail from it. Use a relay.',
      address,
      label,
    );
    return item('blockList', 'failed', text, found);
  }
  const text = msg('{0} is on {1}: many providers reject mail from it. See {2}', address, label, remedy);
  return item('blockList', 'failed', text, found);
}

/** Not a listing but a refusal, or a resolver that answers anything. */
function isRefusal(code: string): boolean {
  return code.startsWith('127.255.255.') || !code.startsWith('127.');
}

function listName(address: string): string {
  return isIPv4(address) ? address.split('.').reverse().join('.') : nibbles(address).reverse().join('.');
}
