import type { Document } from '../../compose/document/document.ts';
import { placeOfKey } from '../../compose/document/places.ts';
import { type Finding, msg, type Place, UserError } from '../../shared/errors.ts';
import { isFindingCode } from '../../shared/findingCodes.ts';
import { totalLeftOut } from '../../shared/leftOut.ts';
import type { Settings } from '../../shared/settings.ts';
import { plural } from '../../shared/words.ts';
import type { LetterList, Purpose } from '../letter.ts';

type NameOf = (file: string) => string;

/** A list that cannot be read, as a finding. Other errors are rethrown. */
export function listFinding(error: unknown, document: Document, nameOf: NameOf): Finding {
  if (!(error instanceof UserError) || !isFindingCode(error.code)) throw error;
  const { what, remedy, place } = error;
  const isThere = error.code !== 'listMissing' && error.code !== 'listUnreadable';
  return {
    severity: 'error',
    code: error.code,
    text: msg('{0} {1}', what, remedy),
    place: place ? { ...(isThere ? { line: 1 } : {}), ...place } : named(document, nameOf),
  };
}

/** A letter without a list. */
export function recipientsMissing(
  purpose: Purpose,
  document: Document,
  settings: Pick<Settings, 'checks'>,
  nameOf: NameOf,
): Finding[] {
  const level = purpose === 'look' ? (settings.checks.recipientsMissing ?? 'error') : 'error';
  if (purpose === 'test' || level === 'off') return [];
  const text = msg('No list of recipients: set “recipients” in the front matter to a CSV file.');
  return [{ severity: level, code: 'recipientsMissing', text, place: named(document, nameOf) }];
}

/** A list on which every row is left out. */
export function nobodyLeft({ name, profile }: LetterList): Finding[] {
  if (!profile || profile.count > 0) return [];
  const rows = totalLeftOut(profile.refused);
  const place = { file: name, line: 1, column: 1 };
  if (profile.refused.alreadySent > 0) {
    const again = msg('Everyone left on the list already has this letter. A new letter needs a new “id:”.');
    const data = { alreadySent: String(profile.refused.alreadySent) };
    return [{ severity: 'error', code: 'nobodyLeft', text: again, place, data }];
  }
  const text = plural(
    'No recipient on the list can be mailed: its only row is left out.',
    'No recipient on the list can be mailed: all {0} rows are left out.',
    rows,
  );
  return [{ severity: 'error', code: 'nobodyLeft', text, place }];
}

/** Where the document names its list, or should. */
function named(document: Document, nameOf: NameOf): Place {
  return { ...placeOfKey(document, 'recipients'), file: nameOf(document.path), key: 'recipients' };
}
