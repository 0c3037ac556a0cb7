import type { Document } from '../../compose/document/document.ts';
import { placeOfKey } from '../../compose/document/places.ts';
import type { Finding } from '../../shared/errors.ts';
import { type EvidenceItem, zoneLine } from '../../shared/evidence.ts';
import type { BeforeLine } from './beforeYouSend.ts';

/** What the network says about a sender, for the page “Before You Send”. */
export function evidenceLines(items: readonly EvidenceItem[]): BeforeLine[] {
  return items.map(({ state, text, found, paste }) => ({
    section: 'sender',
    level: state === 'warned' ? 'warning' : state,
    text,
    ...(found === '' ? {} : { found }),
    ...(paste ? { paste: zoneLine(paste) } : {}),
  }));
}

/** The same as findings, at the sender's line or the list's: what failed or is doubtful, as advice. */
export function evidenceFindings(items: readonly EvidenceItem[], document: Document): Finding[] {
  return items.flatMap(({ code, state, text, place }): Finding[] =>
    state === 'failed' || state === 'warned'
      ? [
          {
            severity: state === 'failed' ? 'warning' : 'info',
            code,
            text,
            place: place ? { ...place, column: 1 } : placeOfKey(document, 'from'),
          },
        ]
      : [],
  );
}
