import type { HostServices } from '../hostServices.ts';
import { askTime } from '../sending/askTime.ts';
import { confirmAndSend } from '../sending/confirmAndSend.ts';
import { requireTrust, targetDocument } from '../sending/target.ts';

export async function sendLater(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const document = await targetDocument(argument);
  await confirmAndSend(services, document, { kind: 'later', at: await askTime() });
}
