import type { Parts } from '../parts.ts';
import { targetDocument } from '../sending/target.ts';

export async function previewNewsletter(parts: Parts, argument: unknown): Promise<void> {
  await parts.rooms.openPreview(await targetDocument(argument));
}
