import { readAddress } from './readAddress.ts';
import { wordKey } from './status/words.ts';

/** Best first. */
const addressNames = [
  'email',
  'e_mail',
  'email_address',
  'e_mail_address',
  'emailaddress',
  'primary_email',
  'contact_email',
  'subscriber_email',
  'mail',
  'courriel',
  'adresse_email',
  'adresse_e_mail',
  'adresse_mail',
  'adresse_courriel',
  'adresse_electronique',
  'adresse_de_messagerie',
  'e_mail_adresse',
  'email_adresse',
  'emailadresse',
  'mailadresse',
  'correo',
  'correo_electronico',
  'direccion_de_correo',
  'direccion_de_correo_electronico',
  'posta_elettronica',
  'indirizzo_email',
  'indirizzo_e_mail',
  'e_mailadres',
  'emailadres',
  'endereco_de_email',
  'endereco_de_e_mail',
  'e_mail_1_value',
  'e_mail_1',
  'email_1',
  'email1',
  'mel',
  'subscriber',
  'address',
  'adresse',
];
/** They may contain streets, or names: they count only by their content. */
const weak = new Set(['address', 'adresse', 'subscriber', 'mel']);
const hint = /(?:^|_)(?:e_?mail|mail|courriel|correo|messagerie|posta)(?:_|$|adress)/;
/** Columns next to an address, or of a person other than the reader. */
const beside =
  /(?:^|_)(?:label|type|status|statut|consent|opt|bounce|bounced|reason|date|count|owner|manager|secours|secondaire|secondary|alternate|alternative|backup|zweite|nebst|second|parent|invited_by|sent|opens|display)(?:_|$)|_[2-9]\d*(?:_|$)/;

export interface AddressColumn {
  index: number;
  /** Share of the first rows that contain an address in it, blanks counted. */
  share: number;
}

export interface AddressChoice {
  /** -1 when no column is suitable. */
  index: number;
  /** Other columns that hold addresses, best first. */
  others: readonly number[];
}

/** The column of the readers' addresses: by its name, unless its content says otherwise; then by content. */
export function chooseAddressColumn(titles: readonly string[], sample: readonly (readonly string[])[]): AddressChoice {
  const rows = sample.filter((row) => row.some((cell) => cell.trim() !== ''));
  const columns = titles.map((title, index) => {
    const key = wordKey(title);
    let filled = 0;
    let good = 0;
    for (const row of rows) {
      const cell = row[index]?.trim() ?? '';
      if (cell === '') continue;
      filled++;
      if (cell.includes('@') && readAddress(cell).ok) good++;
    }
    return { index, key, filled, good, rank: addressNames.indexOf(key) };
  });
  const best = Math.max(0, ...columns.map(({ good }) => good));
  const named = columns
    .filter(({ rank, key, good, filled }) => {
      if (rank < 0) return false;
      if (good > 0) return good * 4 >= best || good * 2 >= filled;
      // No valid address in it; perhaps no column has one.
      return best === 0 && (!weak.has(key) || filled === 0 ? !weak.has(key) : false);
    })
    .sort((a, b) => a.rank - b.rank);
  const byContent = columns
    .filter(({ good, filled }) => good > 0 && good * 2 >= filled)
    .sort(
      (a, b) =>
        Number(beside.test(a.key)) - Number(beside.test(b.key)) ||
        b.good - a.good ||
        Number(hint.test(b.key)) - Number(hint.test(a.key)) ||
        a.index - b.index,
    );
  const chosen = named[0] ?? byContent[0];
  if (!chosen) return { index: hinted(columns), others: [] };
  // One that repeats the same address, as Outlook's display names do, does not count.
  const differs = (index: number) =>
    rows.some((row) => {
      const [taken, other] = [readAddress(row[chosen.index] ?? ''), readAddress(row[index] ?? '')];
      return other.ok && (!taken.ok || taken.address !== other.address);
    });
  const others = byContent.filter(({ index }) => index !== chosen.index && differs(index));
  return { index: chosen.index, others: others.map(({ index }) => index) };
}

/** No address anywhere: a column with a matching name, so that each row's error can be reported. */
function hinted(columns: readonly { index: number; key: string; filled: number }[]): number {
  const found = columns.find(({ key, filled }) => filled > 0 && hint.test(key) && !beside.test(key));
  return found?.index ?? -1;
}

/** Whether a header cell can only be that of a column of addresses. */
export function namesAddresses(cell: string): boolean {
  const key = wordKey(cell);
  return (addressNames.includes(key) && !weak.has(key)) || (key.length <= 40 && hint.test(key));
}
