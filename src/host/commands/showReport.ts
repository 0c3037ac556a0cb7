import type { HostServices } from '../hostServices.ts';
import { pickCampaign } from '../sending/pickCampaign.ts';

const ANY = ['running', 'scheduled', 'paused', 'needsAction', 'done', 'cancelled'] as const;

export async function showReport(services: HostServices, argument: unknown): Promise<void> {
  await services.webviews.showReport((await pickCampaign(services, argument, ANY)).id);
}
