import type { Parts } from '../parts.ts';
import { askTime } from '../sending/askTime.ts';
import { confirmAndSend } from '../sending/confirmAndSend.ts';
import { requireTrust, targetDocument } from '../sending/target.ts';

export async function sendLater(parts: Parts, argument: unknown): Promise<void> {
  requireTrust();
  const document = await targetDocument(argument);
  await confirmAndSend(parts, document, { kind: 'later', at: await askTime() });
}
