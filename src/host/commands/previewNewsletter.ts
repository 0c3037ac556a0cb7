import type { HostServices } from '../hostServices.ts';
import { targetDocument } from '../sending/target.ts';

export async function previewNewsletter(services: HostServices, argument: unknown): Promise<void> {
  await services.webviews.openPreview(await targetDocument(argument));
}
