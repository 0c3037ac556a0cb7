import { createHash } from 'node:crypto';
import { type ListProfile, ProfileBuilder } from '../compose/recipients/listProfile.ts';
import { type RecipientBatch, readRecipients } from '../compose/recipients/readRecipients.ts';
import { hashing } from '../compose/recipients/sealedRecipients.ts';
import { foldAddress } from '../shared/address.ts';
import { msg } from '../shared/errors.ts';
import type { Recipient, RefusedRow } from '../shared/recipient.ts';
import type { LetterList } from './letter.ts';
import type { ListRules } from './listRules.ts';

/** What one pass over a list found. Rows themselves are not kept, but the first few. */
export interface ListSummary extends LetterList {
  /** Of its bytes, hex. */
  sha256: string;
  /** Of the rows that get a message. */
  profile: ListProfile;
  first: readonly Recipient[];
  /** How it was read; whoever reads it again must do it like this. */
  how: ListRules;
}

export interface ReadListOptions {
  /** As findings and errors are to name it. */
  name: string;
  /** Is handed folded addresses. */
  isSuppressed?: (address: string) => boolean;
  /** By which campaign somebody has this letter already; is handed folded addresses. */
  hadBefore?: (address: string) => string | undefined;
  /** Called after every batch; throwing ends the pass. */
  onBatch?: () => void;
  /** What the author says of it. */
  rules?: ListRules;
}

const KEEP = 200;

/**
 * One pass over a whole list in flat memory; two when a row takes back what one before it said. Throws a UserError when
 * it is no list. `open` is called for each pass.
 */
export async function readList(open: () => AsyncIterable<Uint8Array>, options: ReadListOptions): Promise<ListSummary> {
  const { summary, contradicted } = await passOver(open(), options);
  if (contradicted.size === 0) return summary;
  const rules = { ...options.rules, withdrawn: contradicted };
  return (await passOver(open(), { ...options, rules })).summary;
}

async function passOver(
  source: AsyncIterable<Uint8Array>,
  options: ReadListOptions,
): Promise<{ summary: ListSummary; contradicted: ReadonlyMap<string, RefusedRow> }> {
  const { name, isSuppressed, hadBefore, onBatch, rules = {} } = options;
  const hash = createHash('sha256');
  const first: Recipient[] = [];
  let builder: ProfileBuilder | undefined;
  let last: RecipientBatch | undefined;
  for await (const batch of readRecipients(hashing(source, hash), { ...rules, file: name })) {
    onBatch?.();
    last = batch;
    builder ??= new ProfileBuilder(name, batch.header);
    builder.profile.text = batch.facts;
    for (const row of batch.refused) builder.refuse(row);
    for (const row of batch.rows) {
      const folded = foldAddress(row.address);
      const before = hadBefore?.(folded);
      if (isSuppressed?.(folded)) builder.count('suppressed');
      else if (before !== undefined)
        builder.refuse({
          line: row.line,
          address: row.address,
          reason: 'alreadySent',
          detail: msg('campaign {0}', before),
        });
      else {
        builder.add(row);
        if (first.length < KEEP) first.push(row);
      }
    }
  }
  if (!builder || !last) throw new Error('a list without a row is refused when it is read');
  builder.end(last.status);
  const summary = { name, sha256: hash.digest('hex'), profile: builder.profile, first, how: rules };
  return { summary, contradicted: last.contradicted };
}
