import { parseAddress } from '../../shared/address.ts';
import { msg, type Place, UserError } from '../../shared/errors.ts';
import { fieldName } from '../liquid/fieldName.ts';
import { chooseAddressColumn } from './addressColumn.ts';
import { invisibleIn } from './readAddress.ts';
import { wordKey } from './status/words.ts';

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
  /** Other columns that hold addresses, best first; empty when the author chose. */
  otherAddresses: readonly number[];
  delimiter: string;
  /** Quotation mark of the file: almost always `"`. */
  quote: '"' | "'";
  /** Line on which the header stands. */
  line: number;
  /** Columns that the author names under `leaveOut` and the list does not have. */
  unknownColumns: readonly string[];
  /** Header cells with an invisible character: the cell as it is taken, and the character's name. */
  invisible: readonly { title: string; character: string }[];
}

export interface HeaderOptions {
  file: string;
  delimiter: string;
  quote: '"' | "'";
  line: number;
  /** Address column as the author names it. */
  addressField?: string;
  /** Where the author does, for an error. */
  addressPlace?: Place;
  leaveOut?: Readonly<Record<string, unknown>>;
}

/** Reads the header row and finds the address column by name, then by the content of the first rows. */
export function readHeader(
  cells: readonly string[],
  sample: readonly (readonly string[])[],
  options: HeaderOptions,
): ListHeader {
  const { file, delimiter, quote, line } = options;
  if (cells.some((cell) => parseAddress(cell).ok)) {
    throw new UserError(
      'noHeader',
      msg('The first row of the list already holds an address; it must name the columns.'),
      msg('Add a row such as {0} above it.', `email${delimiter}first_name`),
      { file, line },
    );
  }
  const invisible: { title: string; character: string }[] = [];
  const titles = cells.map((cell) => {
    const title = clean(cell);
    const character = invisibleIn(cell.trim());
    if (character !== '') invisible.push({ title, character });
    return title;
  });
  const fields = uniqueFields(titles);
  const choice =
    options.addressField === undefined
      ? chooseAddressColumn(titles, sample)
      : { index: columnNamed(fields, options.addressField), others: [] };
  if (choice.index < 0) throw noAddress(fields, options);
  return {
    fields,
    addressIndex: choice.index,
    otherAddresses: choice.others,
    delimiter,
    quote,
    line,
    unknownColumns: Object.keys(options.leaveOut ?? {}).filter((column) => columnNamed(fields, column) < 0),
    invisible,
  };
}

/** A column by its title or its name in templates, however it is spelled. */
export function columnNamed(fields: readonly ListField[], written: string): number {
  const exact = fields.findIndex(({ title }) => title === written.trim());
  if (exact >= 0) return exact;
  const name = fieldName(written);
  const byName = fields.findIndex((field) => field.name === name);
  return byName >= 0 ? byName : fields.findIndex(({ title }) => wordKey(title) === wordKey(written));
}

function noAddress(fields: readonly ListField[], { file, line, addressField, addressPlace }: HeaderOptions): UserError {
  const columns = fields.map(({ title, name }) => title || name).slice(0, 30);
  if (addressField !== undefined)
    return new UserError(
      'addressColumn',
      msg('The list has no column “{0}”; its columns are {1}.', addressField, columns.join(', ')),
      msg('Correct “address”, or leave it out.'),
      addressPlace ?? { file, line },
    );
  return new UserError(
    'noAddressColumn',
    msg('No column of the list holds addresses; its columns are {0}.', columns.join(', ')),
    msg('Name the column with the addresses “email”.'),
    { file, line },
  );
}

/** Invisible characters in a header cell are not part of its name. */
function clean(cell: string): string {
  return cell
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u180e\u200b-\u200f\u2060-\u206f\ufeff]/g, '')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();
}

/** Empty header cells become `column_3`; a second `name` becomes `name_2`. */
function uniqueFields(titles: readonly string[]): ListField[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return titles.map((title, index) => {
    const base = fieldName(title) || `column_${index + 1}`;
    let name = base;
    // Where the search for a free name ended last time: many columns of one name are not tried from the start each time.
    let n = next.get(base) ?? 2;
    while (taken.has(name)) name = `${base}_${n++}`;
    next.set(base, n);
    taken.add(name);
    return { name, title };
  });
}
