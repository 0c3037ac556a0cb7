import { domainOf } from './address.ts';
import type { DkimSettings, Settings } from './settings.ts';

/** The key that signs for a From address: its domain's, or that of the nearest parent that has one (`envoi.dkim`). */
export function dkimKeyFor(dkim: Settings['dkim'], from: string): { domain: string; entry: DkimSettings } | null {
  for (
    let domain = domainOf(from).toLowerCase();
    domain.includes('.');
    domain = domain.slice(domain.indexOf('.') + 1)
  ) {
    const entry = dkim[domain];
    if (entry) return { domain, entry };
  }
  return null;
}
