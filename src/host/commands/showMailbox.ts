import type { HostServices } from '../hostServices.ts';

export async function showMailbox(services: HostServices): Promise<void> {
  await services.webviews.showMailbox();
}
