import { createHash, type Hash } from 'node:crypto';
import { msg, UserError } from '../../shared/errors.ts';
import { AddressSet } from './addressSet.ts';
import { inPieces } from './inPieces.ts';
import { type RecipientBatch, readRecipients } from './readRecipients.ts';
import type { RowReadOptions } from './rowGroups.ts';

/** One of a letter's lists. */
export interface ListToRead {
  /** As its reader knows it, for errors and findings. */
  file: string;
  open(): AsyncIterable<Uint8Array>;
}

/** A list that was counted and confirmed before, when its bytes had this hash (hex). */
export interface SealedList extends ListToRead {
  sha256: string;
}

export type SharedOptions = Omit<RowReadOptions, 'file' | 'list' | 'before' | 'seen'>;

export interface ListBatch extends RecipientBatch {
  /** Which list, from 0. */
  list: number;
}

/**
 * Reads a letter's lists, one after the other: whoever stands in several is taken from the first. Throws as
 * `readRecipients` does, of the list at fault.
 */
export async function* readLists(
  lists: readonly ListToRead[],
  options: SharedOptions,
  onBytes?: (list: number, bytes: Uint8Array) => void,
): AsyncGenerator<ListBatch> {
  const before: { file: string; addresses: AddressSet }[] = [];
  try {
    for (const [list, { file, open }] of lists.entries()) {
      const seen = new AddressSet();
      before.push({ file, addresses: seen });
      const source = watched(open(), (bytes) => onBytes?.(list, bytes));
      for await (const batch of readRecipients(source, { ...options, file, list, before: before.slice(0, list), seen }))
        yield { ...batch, list };
    }
  } finally {
    for (const { addresses } of before) addresses.release();
  }
}

/**
 * The same again, after the lists were confirmed. Throws the UserError `listChanged` at the end of one that is
 * another by now: what is sent must be what was confirmed.
 */
export async function* readSealedLists(
  lists: readonly SealedList[],
  options: SharedOptions,
): AsyncGenerator<RecipientBatch> {
  const hashes = lists.map(() => createHash('sha256'));
  for await (const batch of readLists(lists, options, (list, bytes) => hashes[list]?.update(bytes))) yield batch;
  for (const [list, { file, sha256 }] of lists.entries()) if (hexOf(hashes[list]) !== sha256) throw listChanged(file);
}

export function hexOf(hash: Hash | undefined): string {
  return hash?.digest('hex') ?? '';
}

async function* watched(
  source: AsyncIterable<Uint8Array>,
  onBytes: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of inPieces(source)) {
    onBytes(chunk);
    yield chunk;
  }
}

function listChanged(file: string): UserError {
  return new UserError(
    'listChanged',
    msg('The list {0} changed while it was read. Nothing was sent.', file),
    msg('Send again to see the new numbers.'),
    { file },
  );
}
