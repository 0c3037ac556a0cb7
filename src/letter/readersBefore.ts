import type { EngineApi, LetterCampaign } from '../protocol/engineApi.ts';
import { domainOf, foldAddress } from '../shared/address.ts';
import { erasedEntry, isErased } from '../shared/erased.ts';
import { wildcardsOver } from '../shared/suppressionEntry.ts';

const PAGE = 5000;

/** Who must not get a letter, or has it: for counting before anything is sent. The engine sees to it by itself again. */
export interface ReadersBefore {
  isSuppressed(folded: string): boolean;
  /** The campaign by which this address has the letter, or will have it; undefined when it has not. */
  campaignOf(folded: string): string | undefined;
  /** Newest first. */
  campaigns: readonly LetterCampaign[];
}

export async function readersBefore(
  engine: Pick<EngineApi, 'suppressions' | 'sentBefore'>,
  letter: string,
): Promise<ReadersBefore> {
  const isSuppressed = await suppressedBy(engine);
  const had = new Map<string, string>();
  let campaigns: readonly LetterCampaign[] = [];
  for (let after = 0; ; ) {
    const page = await engine.sentBefore({ letter, after, limit: PAGE });
    campaigns = page.campaigns;
    for (const { address, campaign } of page.readers) had.set(foldAddress(address), campaign);
    const last = page.readers.at(-1);
    if (!last || page.readers.length < PAGE) break;
    after = last.id;
  }
  return { isSuppressed, campaignOf: (folded) => had.get(folded), campaigns };
}

/** All suppressed addresses and domains. */
export async function suppressedBy(engine: Pick<EngineApi, 'suppressions'>): Promise<(address: string) => boolean> {
  const entries = new Set<string>();
  for (let after = ''; ; ) {
    const page = await engine.suppressions({ after, limit: PAGE });
    for (const { entry } of page) entries.add(foldAddress(entry));
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = last.entry;
  }
  const erased = [...entries].some(isErased);
  const wildcards = [...entries].some((entry) => entry.startsWith('*.'));
  return (address) => {
    const folded = foldAddress(address);
    const domain = domainOf(folded);
    if (entries.has(folded) || entries.has(domain) || (erased && entries.has(erasedEntry(folded)))) return true;
    return wildcards && wildcardsOver(domain).some((entry) => entries.has(entry));
  };
}
