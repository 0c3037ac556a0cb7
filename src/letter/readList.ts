import { createHash } from 'node:crypto';
import { type ListProfile, ProfileBuilder } from '../compose/recipients/listProfile.ts';
import { readRecipients } from '../compose/recipients/readRecipients.ts';
import { hashing } from '../compose/recipients/sealedRecipients.ts';
import { foldAddress } from '../shared/address.ts';
import type { Recipient } from '../shared/recipient.ts';
import type { LetterList } from './letter.ts';

/** What one pass over a list found. Rows themselves are not kept, but the first few. */
export interface ListSummary extends LetterList {
  /** Of its bytes, hex. */
  sha256: string;
  /** Of the rows that get a message. */
  profile: ListProfile;
  /** Good rows whose address is on the suppression list; they are not in the profile. */
  suppressed: number;
  first: readonly Recipient[];
}

export interface ReadListOptions {
  /** As findings and errors are to name it. */
  name: string;
  /** Is handed folded addresses. */
  isSuppressed?: (address: string) => boolean;
  /** Called after every batch; throwing ends the pass. */
  onBatch?: () => void;
}

const KEEP = 200;

/** One pass over a whole list in flat memory. Throws a UserError when it is no list. */
export async function readList(source: AsyncIterable<Uint8Array>, options: ReadListOptions): Promise<ListSummary> {
  const { name, isSuppressed, onBatch } = options;
  const hash = createHash('sha256');
  const first: Recipient[] = [];
  let suppressed = 0;
  let builder: ProfileBuilder | undefined;
  for await (const batch of readRecipients(hashing(source, hash), { file: name })) {
    onBatch?.();
    builder ??= new ProfileBuilder(name, batch.header);
    builder.profile.encoding = batch.encoding;
    for (const row of batch.refused) builder.refuse(row);
    for (const row of batch.rows) {
      if (isSuppressed?.(foldAddress(row.address))) {
        suppressed++;
        continue;
      }
      builder.add(row);
      if (first.length < KEEP) first.push(row);
    }
  }
  if (!builder) throw new Error('a list without a row is refused when it is read');
  return { name, sha256: hash.digest('hex'), profile: builder.profile, suppressed, first };
}

/** Left out, in the three kinds that people are told of. */
export function leftOut({ profile: { refused }, suppressed }: Pick<ListSummary, 'profile' | 'suppressed'>): {
  invalid: number;
  duplicate: number;
  suppressed: number;
} {
  return {
    invalid: refused.invalidAddress + refused.noAddress + refused.malformedRow,
    duplicate: refused.duplicate,
    suppressed: refused.suppressed + suppressed,
  };
}
