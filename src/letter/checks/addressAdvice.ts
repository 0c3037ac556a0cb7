import { columnNamed, type ListHeader } from '../../compose/recipients/listHeader.ts';
import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import { type Finding, msg, type Place, type Text } from '../../shared/errors.ts';

/** Where two columns hold addresses, which was taken, and how to name either. */
export function addressAdvice({ header }: ListProfile, place: Place): Finding[] {
  const [other] = header.otherAddresses;
  if (other === undefined) return [];
  const taken = header.addressIndex;
  const [ofTaken, ofOther] = [spellingOf(header, taken), spellingOf(header, other)];
  const choices = ofTaken !== null && ofOther !== null ? { taken: ofTaken, other: ofOther } : null;
  return [
    {
      severity: 'warning',
      code: 'addressColumns',
      text: words(header, taken, other, choices),
      place,
      ...(choices ? { data: choices } : {}),
    },
  ];
}

function words(
  header: ListHeader,
  taken: number,
  other: number,
  choices: { taken: string; other: string } | null,
): Text {
  const title = (index: number) => header.fields[index]?.title || header.fields[index]?.name || '';
  if (title(taken) !== title(other) && choices)
    return msg(
      'Addresses are read from the column “{0}”; “{1}” contains addresses too. Write “address: {0}” to keep this, or “address: {1}”.',
      choices.taken,
      choices.other,
    );
  if (choices)
    return msg(
      'Two columns are named “{0}”: addresses are read from column {1}, and column {2} contains addresses too. Write “address: {3}” to keep this, or “address: {4}”.',
      title(taken),
      taken + 1,
      other + 1,
      choices.taken,
      choices.other,
    );
  return msg(
    'Addresses are read from column {0}, “{1}”; column {2}, “{3}”, contains addresses too. Give each column a name of its own to choose with “address:”.',
    taken + 1,
    title(taken),
    other + 1,
    title(other),
  );
}

/** What “address:” must say to mean this very column; null where each of its names means another. */
function spellingOf({ fields }: ListHeader, index: number): string | null {
  const { title = '', name = '' } = fields[index] ?? {};
  return [title, name].find((spelled) => spelled !== '' && columnNamed(fields, spelled) === index) ?? null;
}
