import type { Parts } from '../parts.ts';
import { confirmAndSend } from '../sending/confirmAndSend.ts';
import { requireTrust, targetDocument } from '../sending/target.ts';

export async function sendNewsletter(parts: Parts, argument: unknown): Promise<void> {
  requireTrust();
  await confirmAndSend(parts, await targetDocument(argument), { kind: 'now' });
}
