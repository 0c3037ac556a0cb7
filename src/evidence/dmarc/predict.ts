import type { Resolver } from '../../shared/dns.ts';
import { msg } from '../../shared/errors.ts';
import type { EvidenceItem } from '../../shared/evidence.ts';
import type { DkimFindings, DkimOutlook } from '../dkim/dkimItems.ts';
import { item } from '../item.ts';
import type { MailRoute, Sender } from '../sender.ts';
import type { SpfFindings } from '../spf/spfItems.ts';
import type { DmarcFindings } from './dmarcItems.ts';
import { organizationalDomain, walkTree } from './treeWalk.ts';

/** The expected DMARC result of a route's messages: aligned by one of the two, by neither, or unknown from outside. */
export type Alignment = 'dkim' | 'spf' | 'neither' | 'unknown';

export interface Predicted {
  way: MailRoute;
  alignment: Alignment;
}

/** The predicted result for each route, each identifier compared with the From domain (RFC 9989, 4.4). */
export async function predict(
  sender: Sender,
  found: { spf: SpfFindings; dkim: DkimFindings; dmarc: DmarcFindings },
  dns: Resolver,
): Promise<Predicted[]> {
  const { spf, dkim, dmarc } = found;
  const aligned = async (domain: string, mode: 'r' | 's'): Promise<boolean | null> => {
    if (domain === sender.domain) return true;
    if (mode === 's') return false;
    const steps = await walkTree(domain, dns);
    if (dmarc.organization === null || steps.some(({ kind }) => kind === 'failed')) return null;
    return organizationalDomain(steps) === dmarc.organization;
  };
  const record = dmarc.policy?.record;
  const results: Predicted[] = [];
  for (const way of sender.ways) {
    const signature: DkimOutlook =
      way.signs === 'ours'
        ? dkim.outlook
        : way.signs === 'provider'
          ? (dkim.provider.get(way.name) ?? 'unknown')
          : 'none';
    const signer = way.signs === 'ours' && sender.key ? sender.key.domain : sender.domain;
    const byDkim = judge(signature, await aligned(signer, record?.adkim ?? 'r'));
    const envelope = way.envelope === '' ? false : await aligned(way.envelope, record?.aspf ?? 'r');
    const bySpf = judge(spf.outlook.get(way.name) ?? (way.envelope === '' ? 'fail' : 'unknown'), envelope);
    const alignment =
      byDkim === 'yes' ? 'dkim' : bySpf === 'yes' ? 'spf' : byDkim === 'no' && bySpf === 'no' ? 'neither' : 'unknown';
    results.push({ way, alignment });
  }
  return results;
}

function judge(outlook: DkimOutlook, aligned: boolean | null): 'yes' | 'no' | 'unknown' {
  if (outlook === 'fail' || outlook === 'none' || aligned === false) return 'no';
  return outlook === 'pass' && aligned === true ? 'yes' : 'unknown';
}

export function resultItems(predicted: readonly Predicted[], domain: string): EvidenceItem[] {
  return predicted.map(({ way, alignment }) => {
    const { name } = way;
    switch (alignment) {
      case 'dkim':
        return item(
          'dmarcResult',
          'passed',
          msg('DMARC passes via “{0}”: the DKIM signature is for {1}.', name, domain),
        );
      case 'spf': {
        const text = msg(
          'DMARC passes via “{0}” on SPF alone, which breaks when a reader forwards the letter: sign with DKIM too.',
          name,
        );
        return item('dmarcResult', 'warned', text);
      }
      case 'neither': {
        const text = msg(
          'DMARC fails via “{0}”: neither a DKIM signature nor SPF proves that the mail comes from {1}. Large providers reject such mail.',
          name,
          domain,
        );
        return item('dmarcResult', 'failed', text);
      }
      case 'unknown': {
        const text = msg(
          'The DMARC result via “{0}” could not be checked. A test message read back from a mailbox shows it.',
          name,
        );
        return item('dmarcResult', 'unasked', text);
      }
      default:
        return alignment satisfies never;
    }
  });
}
