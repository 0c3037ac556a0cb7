import { type RecipientBatch, type RowReadOptions, readRecipients } from '../../../src/compose/index.ts';
import type { Recipient, RefusedRow } from '../../../src/shared/recipient.ts';

export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'utf-16le-bare' | 'windows-1252';

/** The bytes of a list as a program with this encoding saves it. */
export function encode(text: string, encoding: Encoding = 'utf-8'): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-8-bom':
      return Buffer.from(`\ufeff${text}`);
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16le-bare':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(text.replaceAll('€', '\x80').replaceAll('’', '\x92'), 'latin1');
    default:
      return encoding satisfies never;
  }
}

/** The bytes in pieces of this size, as a slow disk hands them over. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export interface ReadList {
  rows: Recipient[];
  refused: RefusedRow[];
  batches: RecipientBatch[];
}

export async function readList(
  bytes: Uint8Array | string,
  pieceSize = 65536,
  addressField?: string,
  more: Partial<RowReadOptions> = {},
): Promise<ReadList> {
  const list: ReadList = { rows: [], refused: [], batches: [] };
  const source = inPieces(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, pieceSize);
  for await (const batch of readRecipients(source, {
    file: 'list.csv',
    ...(addressField ? { addressField } : {}),
    ...more,
  })) {
    list.rows.push(...batch.rows);
    list.refused.push(...batch.refused);
    list.batches.push(batch);
  }
  return list;
}
