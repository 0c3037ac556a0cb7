import type { CampaignDraft, EngineApi } from '../protocol/engineApi.ts';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import { newCampaignId } from './submit.ts';

export interface Correction {
  campaign: string;
  /** The letter as it is now; its list is that of the campaign. */
  draft: CampaignDraft;
  /** Every file it needs, those that differ by recipient too. */
  assets: Iterable<string> | AsyncIterable<string>;
  read: (path: string) => Promise<Uint8Array>;
}

/**
 * Gives the remaining readers of a paused campaign the text as it is now. Whole or not at all: until the engine has
 * answered, the campaign is as it was.
 */
export async function correctCampaign(engine: EngineApi, correction: Correction): Promise<CampaignSnapshot> {
  const { campaign, assets, read } = correction;
  const draft = newCampaignId();
  const pinned = new Set<string>();
  try {
    await engine.open({ draft, campaign: correction.draft });
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
