import { createHash } from 'node:crypto';
import { type ListProfile, ProfileBuilder } from '../compose/recipients/listProfile.ts';
import { mergeProfiles } from '../compose/recipients/mergeProfiles.ts';
import { hexOf, type ListToRead, readLists, type SealedList } from '../compose/recipients/readLists.ts';
import type { WithdrawnRow } from '../compose/recipients/rowGroups.ts';
import type { StatusReader } from '../compose/recipients/status/statusReader.ts';
import { foldAddress } from '../shared/address.ts';
import { msg } from '../shared/errors.ts';
import type { Recipient } from '../shared/recipient.ts';
import type { LetterList } from './letter.ts';
import type { ListRules } from './listRules.ts';

/** What one pass over a letter's lists found. Rows themselves are not kept, but the first few. */
export interface ListSummary extends LetterList {
  /** The lists, with the hashes of their bytes: what is sent must be what was read. */
  lists: readonly SealedList[];
  /** Of the rows that get a message. */
  profile: ListProfile;
  first: readonly Recipient[];
  /** How it was read; whoever reads it again must do it like this. */
  how: ListRules;
}

export interface ReadListOptions {
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
 * One pass over a letter's lists in flat memory; two when a row takes back what one before it said. Throws a UserError
 * when one is no list. Each is opened for each pass.
 */
export async function readList(lists: readonly ListToRead[], options: ReadListOptions): Promise<ListSummary> {
  const { summary, contradicted } = await passOver(lists, options);
  if (contradicted.size === 0) return summary;
  const rules = { ...options.rules, withdrawn: contradicted };
  return (await passOver(lists, { ...options, rules })).summary;
}

async function passOver(
  lists: readonly ListToRead[],
  options: ReadListOptions,
): Promise<{ summary: ListSummary; contradicted: ReadonlyMap<string, WithdrawnRow> }> {
  const { isSuppressed, hadBefore, onBatch, rules = {} } = options;
  const hashes = lists.map(() => createHash('sha256'));
  const first: Recipient[] = [];
  const builders: { builder: ProfileBuilder; status: StatusReader }[] = [];
  const contradicted = new Map<string, WithdrawnRow>();
  const taken = new Set<ReadonlyMap<string, WithdrawnRow>>();
  for await (const batch of readLists(lists, rules, (list, bytes) => hashes[list]?.update(bytes))) {
    onBatch?.();
    const { list, header, status } = batch;
    builders[list] ??= { builder: new ProfileBuilder(lists[list]?.file ?? '', header, list), status };
    const { builder } = builders[list];
    taken.add(batch.contradicted);
    builder.profile.text = batch.facts;
    for (const row of batch.refused) builder.refuse(row);
    for (const row of batch.rows) {
      const folded = isSuppressed || hadBefore ? foldAddress(row.address) : '';
      const before = hadBefore?.(folded);
      if (isSuppressed?.(folded)) builder.count('suppressed');
      else if (before !== undefined) {
        const { fields: _, ...place } = row;
        builder.refuse({ ...place, reason: 'alreadySent', detail: msg('campaign {0}', before) });
      } else {
        builder.add(row);
        if (first.length < KEEP) first.push(row);
      }
    }
  }
  for (const { builder, status } of builders) builder.end(status);
  for (const rows of taken) for (const [address, row] of rows) contradicted.set(address, row);
  const profile = mergeProfiles(builders.map(({ builder }) => builder.profile));
  const sealed = lists.map((list, at) => ({ ...list, sha256: hexOf(hashes[at]) }));
  return { summary: { name: profile.file, lists: sealed, profile, first, how: rules }, contradicted };
}
