import type { DatabaseSync } from 'node:sqlite';
import { CampaignStore } from '../../../src/engine/queue/store/campaignStore.ts';
import { defaultSettings } from '../../../src/shared/defaultSettings.ts';

/** A running campaign with these recipients; returns its key. */
export function pin(into: DatabaseSync, addresses: readonly string[]): number {
  const campaigns = new CampaignStore(into);
  const pinned = {
    id: 'c',
    kind: 'send' as const,
    subject: '',
    newsletter: '{}',
    settings: defaultSettings,
    hours: null,
  };
  campaigns.createDraft(
    { ...pinned, document: { path: '', text: '', commit: '' }, recipients: { path: '', sha256: '' } },
    1,
  );
  const key = campaigns.find('c')?.key ?? 0;
  const rows = addresses.map((address, n) => ({ line: n + 2, address, fields: {} }));
  campaigns.addRows(key, 0, rows, [], { isSuppressed: () => false, taken: () => {} });
  campaigns.begin(key, 'running', 0);
  return key;
}
