import { msg, UserError } from '../../shared/errors.ts';
import type { Recipient, RefusedRow } from '../../shared/recipient.ts';
import { AddressSet } from './addressSet.ts';
import { decodeText, type TextFacts } from './decodeText.ts';
import { encodingNamed } from './detectEncoding.ts';
import { inPieces } from './inPieces.ts';
import type { ListHeader } from './listHeader.ts';
import { type Pass, readRow } from './readRow.ts';
import { type RowReadOptions, readRowGroups, type WithdrawnRow } from './rowGroups.ts';
import { StatusReader } from './status/statusReader.ts';
import { tableBytes } from './tableBytes.ts';
import type { SheetTable } from './workbook/index.ts';

export type { RowReadOptions } from './rowGroups.ts';

export interface RecipientBatch {
  header: ListHeader;
  facts: TextFacts;
  rows: Recipient[];
  refused: RefusedRow[];
  /** Of the pass: whole once its last batch has been taken. */
  status: StatusReader;
  contradicted: ReadonlyMap<string, WithdrawnRow>;
}

const BATCH = 500;

/**
 * Reads a list of recipients row by row, in flat memory. Every row that is not blank ends up in `rows` or, with line and
 * reason, in `refused`; of rows with the same case-folded address the first is taken. Line numbers are those of the file,
 * quoted line ends counted. Throws a UserError when there is no header, no address column, or not one row.
 */
export async function* readRecipients(
  source: AsyncIterable<Uint8Array>,
  options: RowReadOptions,
): AsyncGenerator<RecipientBatch> {
  let sheet: SheetTable | undefined;
  const table = tableBytes(source, options, (taken) => {
    sheet = taken;
  });
  const text = decodeText(inPieces(table), chosenEncoding(options));
  let pass: Pass | undefined;
  let any = false;
  for await (const { header, rows } of readRowGroups(text, options)) {
    pass ??= openPass(header, options);
    const { status, contradicted } = pass;
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch: RecipientBatch = {
        header,
        facts: { ...text.facts, ...(sheet ? { sheet: sheet.sheet, otherSheets: sheet.others } : {}) },
        rows: [],
        refused: [],
        status,
        contradicted,
      };
      for (const row of rows.slice(at, at + BATCH)) {
        if (row.blank) continue;
        any = true;
        const read = readRow(row, header, pass);
        if ('reason' in read) batch.refused.push(read);
        else batch.rows.push(read);
      }
      yield batch;
    }
  }
  if (!any) throw noRecipients(options.file);
}

/** One for each time that a list is gone through; but for the first, nobody is looked for twice. */
export function openPass(
  header: ListHeader,
  { file, list = 0, leaveOut, withdrawn, where, except = [], before = [], seen = new AddressSet() }: RowReadOptions,
  first = true,
): Pass {
  return {
    file,
    list,
    before: first ? before : [],
    seen: first ? seen : null,
    status: new StatusReader(header.fields, leaveOut, header.addressIndex),
    withdrawn: withdrawn ?? new Map(),
    where,
    except,
    contradicted: new Map(),
  };
}

/** What the author says under `encoding`. Throws a UserError when there is none such. */
export function chosenEncoding({ encoding, encodingPlace, file }: RowReadOptions): string | undefined {
  if (encoding === undefined) return undefined;
  const named = encodingNamed(encoding);
  if (named) return named;
  throw new UserError(
    'encodingUnknown',
    msg('“{0}” is not a known encoding.', encoding),
    msg('Use utf-8, windows-1252, windows-1251, shift_jis or another encoding, or remove “encoding”.'),
    encodingPlace ?? { file },
  );
}

export function noRecipients(file: string): UserError {
  return new UserError('emptyList', msg('The list has no recipients.'), msg('Add at least one row below the header.'), {
    file,
  });
}
