import type { CampaignDraft, EngineApi } from '../protocol/engineApi.ts';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import type { Text } from '../shared/errors.ts';
import type { Recipient } from '../shared/recipient.ts';
import { plural } from '../shared/words.ts';
import { newCampaignId } from './submit.ts';

export interface Correction {
  campaign: string;
  /** The letter as it is now; its list is that of the campaign. */
  draft: CampaignDraft;
  /** Every file it needs, those that differ by recipient too. */
  assets: Iterable<string> | AsyncIterable<string>;
  read: (path: string) => Promise<Uint8Array>;
}

/** Every file of a letter and of its rows. `pathsOf`: those that differ by recipient; null when there are none. */
export async function* assetsOf(
  assets: readonly string[],
  pathsOf: ((recipient: Recipient) => string[]) | null,
  batches: AsyncIterable<{ rows: readonly Recipient[] }> | null,
): AsyncGenerator<string> {
  yield* assets;
  if (!pathsOf || !batches) return;
  for await (const { rows } of batches) for (const row of rows) yield* pathsOf(row);
}

/** What is asked before the rest of a campaign gets a corrected text. */
export function correctionText({ counts, total }: Pick<CampaignSnapshot, 'counts' | 'total'>): Text {
  return plural(
    '{0} of {1} readers has not received this letter yet and will get the new text.',
    '{0} of {1} readers have not received this letter yet and will get the new text.',
    counts.queued + counts.deferred + counts.sending,
    total,
  );
}

/**
 * Gives the remaining readers of a paused campaign the present text. All or nothing: until the engine has
 * replied, the campaign is unchanged.
 */
export async function correctCampaign(engine: EngineApi, correction: Correction): Promise<CampaignSnapshot> {
  const { campaign, assets, read } = correction;
  const draft = newCampaignId();
  const pinned = new Set<string>();
  try {
    await engine.createDraft({ draft, campaign: correction.draft });
    for await (const path of assets) {
      if (pinned.has(path)) continue;
      pinned.add(path);
      await engine.addAsset({ draft, path, content: await read(path) });
    }
    return await engine.correct({ campaign, draft });
  } catch (error) {
    await engine.discard({ draft }).catch(() => {});
    throw error;
  }
}
