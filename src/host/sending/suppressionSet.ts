import type { EngineApi } from '../../protocol/engineApi.ts';
import { domainOf, foldAddress } from '../../shared/address.ts';

const PAGE = 5000;

/** All suppressed addresses and domains, for counting before anything is sent; the engine checks again by itself. */
export async function suppressedBy(engine: Pick<EngineApi, 'suppressions'>): Promise<(address: string) => boolean> {
  const entries = new Set<string>();
  for (let after = ''; ; ) {
    const page = await engine.suppressions({ after, limit: PAGE });
    for (const { entry } of page) entries.add(foldAddress(entry));
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = last.entry;
  }
  return (address) => {
    const folded = foldAddress(address);
    return entries.has(folded) || entries.has(domainOf(folded));
  };
}
