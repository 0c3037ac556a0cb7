import { createHash, type Hash } from 'node:crypto';
import { msg, UserError } from '../../shared/errors.ts';
import { type ReadOptions, type RecipientBatch, readRecipients } from './readRecipients.ts';

/** Hands bytes on and hashes them on the way. */
export async function* hashing(source: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

/**
 * Reads a list that was counted and confirmed before, when its bytes had the hash `sha256` (hex). Throws the UserError
 * `listChanged` at its end when it is another one by now: what is sent must be what was confirmed.
 */
export async function* sealedRecipients(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  sha256: string,
): AsyncGenerator<RecipientBatch> {
  const hash = createHash('sha256');
  yield* readRecipients(hashing(source, hash), options);
  if (hash.digest('hex') === sha256) return;
  throw new UserError(
    'listChanged',
    msg('The list {0} changed while it was read. Nothing was sent.', options.file),
    msg('Send again to see the new numbers.'),
    { file: options.file },
  );
}
