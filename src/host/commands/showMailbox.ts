import type { Parts } from '../parts.ts';

export async function showMailbox(parts: Parts): Promise<void> {
  await parts.rooms.showMailbox();
}
