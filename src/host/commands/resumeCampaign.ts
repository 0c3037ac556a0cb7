import type { Parts } from '../parts.ts';
import { offerCorrection } from '../sending/correct.ts';
import { pickCampaign } from '../sending/pickCampaign.ts';
import { secretsForResume } from '../sending/resumeSecrets.ts';
import { requireTrust } from '../sending/target.ts';

export async function resumeCampaign(parts: Parts, argument: unknown): Promise<void> {
  requireTrust();
  const campaign = await pickCampaign(parts, argument, ['paused', 'needsAction']);
  const engine = await parts.engine.use();
  await offerCorrection(parts, engine, campaign);
  const secrets = await secretsForResume(parts, campaign);
  parts.campaigns.put(await engine.resume({ campaign: campaign.id, secrets }));
}
