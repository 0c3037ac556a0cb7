import type { Parts } from '../parts.ts';
import { pickCampaign } from '../sending/pickCampaign.ts';

export async function pauseCampaign(parts: Parts, argument: unknown): Promise<void> {
  const campaign = await pickCampaign(parts, argument, ['running', 'scheduled', 'needsAction']);
  const engine = await parts.engine.use();
  parts.campaigns.put(await engine.pause({ campaign: campaign.id }));
}
