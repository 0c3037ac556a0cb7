import type { HostServices } from '../hostServices.ts';
import { offerCorrection } from '../sending/correct.ts';
import { pickCampaign } from '../sending/pickCampaign.ts';
import { secretsForResume } from '../sending/resumeSecrets.ts';
import { requireTrust } from '../sending/target.ts';

export async function resumeCampaign(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const campaign = await pickCampaign(services, argument, ['paused', 'needsAction']);
  const engine = await services.engine.use();
  await offerCorrection(services, engine, campaign);
  const secrets = await secretsForResume(services, campaign);
  services.campaigns.put(await engine.resume({ campaign: campaign.id, secrets }));
}
