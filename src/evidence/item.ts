import { detailText } from '../shared/detailText.ts';
import type { DnsResult } from '../shared/dns.ts';
import { msg, type Text } from '../shared/errors.ts';
import type { DnsLine, EvidenceItem, EvidenceState } from '../shared/evidence.ts';
import type { EvidenceCode } from '../shared/evidenceCodes.ts';
import { plainWords } from '../shared/words.ts';

/** Characters of a record or reply that are shown: its content is untrusted. */
const SHOWN = 1_000;

export function item(code: EvidenceCode, state: EvidenceState, text: Text, found = '', paste?: DnsLine): EvidenceItem {
  return { code, state, text, found: found.slice(0, SHOWN), ...(paste ? { paste } : {}) };
}

/** No response: nothing is known, and that is reported. */
export function unasked(code: EvidenceCode, what: string, failure: { code: string; detail: string }): EvidenceItem {
  const why = whyUnasked(failure);
  return item(code, 'unasked', msg('{0} could not be checked: {1}', what, why));
}

export function whyUnasked({ code, detail }: { code: string; detail: string }): Text {
  switch (code) {
    case 'dnsOffline':
      return msg('this computer has no network.');
    case 'resolverDown':
      return msg('no name server responds on this computer.');
    default:
      // A question is no message: there is no size to put into words.
      return msg('the name servers did not respond ({0}).', detailText(detail.slice(0, 200), plainWords));
  }
}

/** The item found, and nothing when there is none; null when it could not be checked. */
export function recordsOf<T>(answer: DnsResult<T>): readonly T[] | null {
  if (answer.kind === 'failed') return null;
  return answer.kind === 'found' ? answer.records : [];
}
