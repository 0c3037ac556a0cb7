import type { HostServices } from '../hostServices.ts';
import { confirmAndSend } from '../sending/confirmAndSend.ts';
import { requireTrust, targetDocument } from '../sending/target.ts';

export async function sendNewsletter(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  await confirmAndSend(services, await targetDocument(argument), { kind: 'now' });
}
