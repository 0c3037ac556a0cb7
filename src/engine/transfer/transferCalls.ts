import type { DatabaseSync } from 'node:sqlite';
import type { EngineApi } from '../../protocol/engineApi.ts';
import type { Clock } from '../../shared/clock.ts';
import type { KeyRing } from '../keyRing.ts';
import { type CampaignRow, CampaignStore } from '../queue/store/campaignStore.ts';
import { exportState, importState } from './moveState.ts';

/** The engine's calls that move its state to another machine, as far as tokens and bounces need it there. */
export function transferCalls(
  database: DatabaseSync,
  keys: KeyRing,
  clock: Pick<Clock, 'now'>,
  owner: { load: (row: CampaignRow) => Promise<void>; onSuppressed: () => void },
): Pick<EngineApi, 'exportState' | 'importState'> {
  const campaigns = new CampaignStore(database);
  return {
    exportState: ({ file }) => exportState(database, keys, file, clock.now()),
    importState: async ({ file }) => {
      const { moved, ids } = await importState(database, keys, file);
      for (const row of ids.flatMap((id) => campaigns.find(id) ?? [])) await owner.load(row);
      owner.onSuppressed();
      return moved;
    },
  };
}
