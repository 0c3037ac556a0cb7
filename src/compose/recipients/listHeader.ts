import { parseAddress } from '../../shared/address.ts';
import { msg, UserError } from '../../shared/errors.ts';
import { fieldName } from '../liquid/fieldName.ts';

export interface ListField {
  /** Name in templates, unique in the list. */
  name: string;
  /** The header cell as written. */
  title: string;
}

export interface ListHeader {
  fields: readonly ListField[];
  /** Index of the address column in `fields`. */
  addressIndex: number;
  delimiter: string;
}

/** Best first. A column called "address" may hold streets: it counts only when its cells hold addresses. */
const addressNames = [
  'email',
  'e_mail',
  'email_address',
  'e_mail_address',
  'mail',
  'courriel',
  'adresse_email',
  'adresse_e_mail',
  'adresse_mail',
  'adresse_courriel',
  'e_mail_adresse',
  'emailadresse',
  'mailadresse',
  'correo',
  'correo_electronico',
  'correo_electrónico',
  'posta_elettronica',
  'mel',
  'mél',
  'address',
  'adresse',
];
const mayBeStreets = new Set(['address', 'adresse']);

/** The separator that stands most often in the header line outside quotes; a comma when there is none. */
export function findDelimiter(text: string): string {
  const counts = new Map([';', ',', '\t', '|'].map((delimiter) => [delimiter, 0]));
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (character === '\n' && !quoted) break;
    else if (!quoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best && best[1] > 0 ? best[0] : ',';
}

/** Reads the header row and finds the address column by name, then by the content of the first rows. */
export function readHeader(
  cells: readonly string[],
  sample: readonly (readonly string[])[],
  options: { file: string; delimiter: string; addressField?: string },
): ListHeader {
  const { file, delimiter } = options;
  if (cells.some((cell) => parseAddress(cell).ok)) {
    throw new UserError(
      'noHeader',
      msg('The first row of the list already holds an address; it must name the columns.'),
      msg('Put a row such as {0} before it.', `email${delimiter}first_name`),
      { file, line: 1 },
    );
  }
  const fields = uniqueFields(cells);
  const share = fields.map((_, index) => addressShare(sample, index));
  const addressIndex = options.addressField
    ? fields.findIndex((field) => field.name === fieldName(options.addressField ?? ''))
    : findAddress(fields, share);
  if (addressIndex < 0) {
    throw new UserError(
      'noAddressColumn',
      msg(
        'No column of the list holds addresses; its columns are {0}.',
        fields.map((field) => field.title || field.name).join(', '),
      ),
      msg('Call the column with the addresses “email”.'),
      { file, line: 1 },
    );
  }
  return { fields, addressIndex, delimiter };
}

function findAddress(fields: readonly ListField[], share: readonly number[]): number {
  for (const name of addressNames) {
    const index = fields.findIndex((field) => field.name === name);
    if (index >= 0 && (!mayBeStreets.has(name) || (share[index] ?? 0) > 0)) return index;
  }
  const best = share.indexOf(Math.max(0, ...share));
  return (share[best] ?? 0) >= 0.5 ? best : -1;
}

function addressShare(sample: readonly (readonly string[])[], index: number): number {
  const cells = sample.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== '');
  return cells.length === 0 ? 0 : cells.filter((cell) => parseAddress(cell).ok).length / cells.length;
}

/** Empty header cells become `column_3`; a second `name` becomes `name_2`. */
function uniqueFields(cells: readonly string[]): ListField[] {
  const taken = new Set<string>();
  return cells.map((cell, index) => {
    const title = cell.replaceAll('\u0000', '').trim();
    const base = fieldName(title) || `column_${index + 1}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return { name, title };
  });
}
