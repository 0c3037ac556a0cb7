import { msg, UserError } from '../../shared/errors.ts';
import type { Recipient, RefusedRow } from '../../shared/recipient.ts';
import { AddressSet } from './addressSet.ts';
import { decodeText, type Encoding } from './decodeText.ts';
import type { ListHeader } from './listHeader.ts';
import { readRow } from './readRow.ts';
import { type ReadOptions, readRowGroups } from './rowGroups.ts';

export type { ReadOptions } from './rowGroups.ts';

export interface RecipientBatch {
  header: ListHeader;
  encoding: Encoding;
  rows: Recipient[];
  refused: RefusedRow[];
}

const BATCH = 500;

/**
 * Reads a list of recipients row by row, in flat memory. Every row that is not blank ends up in `rows` or, with line and
 * reason, in `refused`; of rows with the same case-folded address the first is taken. Line numbers are those of the file,
 * quoted line ends counted. Throws a UserError when there is no header, no address column, or not one row.
 */
export async function* readRecipients(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<RecipientBatch> {
  const text = decodeText(source);
  const seen = new AddressSet();
  let any = false;
  for await (const { header, rows } of readRowGroups(text, options)) {
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch: RecipientBatch = { header, encoding: text.encoding, rows: [], refused: [] };
      for (const row of rows.slice(at, at + BATCH)) {
        if (row.blank) continue;
        any = true;
        const read = readRow(row, header, seen);
        if ('reason' in read) batch.refused.push(read);
        else batch.rows.push(read);
      }
      yield batch;
    }
  }
  if (!any) throw noRecipients(options.file);
}

export function noRecipients(file: string): UserError {
  return new UserError('emptyList', msg('The list has no recipients.'), msg('Add at least one row below the header.'), {
    file,
  });
}
