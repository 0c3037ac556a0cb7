import type { HostServices } from '../hostServices.ts';
import { pickCampaign } from '../sending/pickCampaign.ts';

export async function pauseCampaign(services: HostServices, argument: unknown): Promise<void> {
  const campaign = await pickCampaign(services, argument, ['running', 'scheduled', 'needsAction']);
  const engine = await services.engine.use();
  services.campaigns.put(await engine.pause({ campaign: campaign.id }));
}
