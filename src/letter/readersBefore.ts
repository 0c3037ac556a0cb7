import type { EngineApi, LetterCampaign, Suppression } from '../protocol/engineApi.ts';
import { domainOf, foldAddress } from '../shared/address.ts';
import { erasedEntry, isErased } from '../shared/erased.ts';
import { wildcardsOver } from '../shared/suppressionEntry.ts';

const PAGE = 5000;

/** Who must not get a letter, or has it: for counting before anything is sent. The engine checks it again. */
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

/** All suppressed addresses and domains: whether an address is among them. */
export async function suppressedBy(engine: Pick<EngineApi, 'suppressions'>): Promise<(address: string) => boolean> {
  const reasonOf = await suppressionReasons(engine);
  return (address) => reasonOf(address) !== undefined;
}

/** Addresses that other entries suppress than their own, and the first of these. */
export async function entriesOver(
  engine: Pick<EngineApi, 'suppressions'>,
  addresses: readonly string[],
): Promise<Map<string, string>> {
  const all = await allEntries(engine);
  const over = new Map<string, string>();
  for (const address of addresses) {
    const domain = domainOf(address);
    const own = address.includes('@') ? [erasedEntry(foldAddress(address)), domain] : [];
    const by = [...own, ...wildcardsOver(domain)].find((entry) => all.has(entry));
    if (by !== undefined) over.set(address, by);
  }
  return over;
}

async function allEntries(engine: Pick<EngineApi, 'suppressions'>): Promise<Map<string, Suppression['reason']>> {
  const entries = new Map<string, Suppression['reason']>();
  for (let after = ''; ; ) {
    const page = await engine.suppressions({ after, limit: PAGE });
    for (const { entry, reason } of page) entries.set(foldAddress(entry), reason);
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = last.entry;
  }
  return entries;
}

/** Why an address must not be mailed, by itself, its domain or what is above it; undefined when it may. */
export async function suppressionReasons(
  engine: Pick<EngineApi, 'suppressions'>,
): Promise<(address: string) => Suppression['reason'] | undefined> {
  const entries = await allEntries(engine);
  const erased = [...entries.keys()].some(isErased);
  const wildcards = [...entries.keys()].some((entry) => entry.startsWith('*.'));
  return (address) => {
    const folded = foldAddress(address);
    const domain = domainOf(folded);
    const own = entries.get(folded) ?? entries.get(domain) ?? (erased ? entries.get(erasedEntry(folded)) : undefined);
    if (own !== undefined || !wildcards) return own;
    const over = wildcardsOver(domain).find((entry) => entries.has(entry));
    return over === undefined ? undefined : entries.get(over);
  };
}
