import { msg } from '../shared/errors.ts';
import type { EvidenceItem } from '../shared/evidence.ts';
import { item, unasked } from './item.ts';
import type { EvidencePorts } from './ports.ts';

/** Whether replies and bounces can reach the From domain (RFC 5321, 5.1, RFC 7505). */
export async function senderDomain(domain: string, { dns }: Pick<EvidencePorts, 'dns'>): Promise<EvidenceItem[]> {
  const mx = await dns.query(domain, 'MX');
  if (mx.kind === 'failed') return [unasked('senderDomain', `MX ${domain}`, mx)];
  if (mx.kind === 'noName') {
    const text = msg(
      'The domain {0} does not exist: receivers reject mail from it. Register it, or correct the From address.',
      domain,
    );
    return [item('senderDomain', 'failed', text)];
  }
  if (mx.kind === 'found') {
    const found = mx.records.map(({ preference, exchange }) => `MX ${preference} ${exchange || '.'}`).join('\n');
    if (mx.records.every(({ exchange }) => exchange === '')) {
      const text = msg(
        '{0} accepts no mail (null MX): many receivers reject mail from such a domain, and nobody can reply.',
        domain,
      );
      return [item('senderDomain', 'failed', text, found)];
    }
    return [item('senderDomain', 'passed', msg('{0} has mail servers to receive replies.', domain), found)];
  }
  const [a, aaaa] = await Promise.all([dns.query(domain, 'A'), dns.query(domain, 'AAAA')]);
  const addresses = [a, aaaa].flatMap((answer) => (answer.kind === 'found' ? answer.records : []));
  const failure = [a, aaaa].find((answer) => answer.kind === 'failed');
  if (addresses.length > 0) {
    const text = msg('{0} has no MX record; mail goes to its own address, which some receivers distrust.', domain);
    return [item('senderDomain', 'warned', text, addresses.map((address) => `A ${address}`).join('\n'))];
  }
  if (failure?.kind === 'failed') return [unasked('senderDomain', `A ${domain}`, failure)];
  const text = msg(
    '{0} has neither a mail server nor an address: receivers reject mail from it. Add an MX record.',
    domain,
  );
  return [item('senderDomain', 'failed', text)];
}
