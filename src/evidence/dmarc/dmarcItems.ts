import { domainOf } from '../../shared/address.ts';
import type { Resolver } from '../../shared/dns.ts';
import { msg } from '../../shared/errors.ts';
import type { EvidenceItem } from '../../shared/evidence.ts';
import { item, unasked } from '../item.ts';
import { isDmarcRecord } from './record.ts';
import { organizationalDomain, type Policy, policyFor, type WalkStep, walkTree } from './treeWalk.ts';

export interface DmarcFindings {
  items: EvidenceItem[];
  policy: Policy | null;
  /** Organizational domain of the From address; null when it could not be looked up. */
  organization: string | null;
}

/** Report addresses of other domains that are checked. */
const MOST_REPORTS = 5;

export async function dmarcItems(domain: string, dns: Resolver): Promise<DmarcFindings> {
  const steps = await walkTree(domain, dns);
  const failure = steps.find((step) => step.kind === 'failed');
  if (failure?.kind === 'failed') {
    const asked = unasked('dmarcRecord', `TXT _dmarc.${failure.domain}`, failure);
    return { items: [asked], policy: null, organization: null };
  }
  const items = steps.flatMap(faultsOf);
  const { kind } = await dns.query(domain, 'A');
  const policy = policyFor(steps, kind !== 'noName');
  const organization = organizationalDomain(steps);
  items.unshift(policy ? policyItem(domain, policy) : missing(domain, organization));
  if (policy) items.push(...(await reportItems(policy, dns)));
  return { items, policy, organization };
}

function faultsOf(step: WalkStep): EvidenceItem[] {
  if (step.kind === 'several') {
    const text = msg('_dmarc.{0} has several DMARC records, which counts as none: keep one.', step.domain);
    return [item('dmarcRecord', 'failed', text, step.texts.join('\n'))];
  }
  if (step.kind !== 'wrong') return [];
  const text = msg('The DMARC record at _dmarc.{0} is not valid and counts as none.', step.domain);
  return [item('dmarcRecord', 'failed', text, step.texts.join('\n'))];
}

function missing(domain: string, organization: string): EvidenceItem {
  const text = msg('{0} has no DMARC record: Gmail, Yahoo and Microsoft require one from bulk senders.', domain);
  const paste = { name: `_dmarc.${organization}`, type: 'TXT', value: 'v=DMARC1; p=none' } as const;
  return item('dmarcRecord', 'failed', text, '', paste);
}

function policyItem(domain: string, { record, at, policy, tag }: Policy): EvidenceItem {
  if (record.wrong.length > 0) {
    const text = msg(
      'The DMARC record at _dmarc.{0} has an invalid value for “{1}”, which is ignored.',
      at,
      record.wrong.join(', '),
    );
    return item('dmarcRecord', 'warned', text, record.text);
  }
  const text = msg('The DMARC policy for {0} is “{1}” ({2} at _dmarc.{3}).', domain, policy, tag, at);
  return item('dmarcRecord', 'passed', text, record.text);
}

/** Reports to another organization need its permission (RFC 9990, 4). */
async function reportItems({ record, at }: Policy, dns: Resolver): Promise<EvidenceItem[]> {
  const items: EvidenceItem[] = [];
  const others = new Set(record.rua.map((address) => domainOf(address).toLowerCase()));
  let own: string | undefined;
  for (const other of [...others].slice(0, MOST_REPORTS)) {
    if (other === at) continue;
    own ??= organizationalDomain(await walkTree(at, dns));
    if (organizationalDomain(await walkTree(other, dns)) === own) continue;
    const name = `${at}._report._dmarc.${other}`;
    const answer = await dns.query(name, 'TXT');
    if (answer.kind === 'failed') items.push(unasked('dmarcRecord', `TXT ${name}`, answer));
    else if (answer.kind !== 'found' || !answer.records.some(isDmarcRecord)) {
      const text = msg('Reports to {0} are not sent: it does not say that it accepts them for {1}.', other, at);
      items.push(item('dmarcRecord', 'warned', text, '', { name, type: 'TXT', value: 'v=DMARC1' }));
    }
  }
  return items;
}
