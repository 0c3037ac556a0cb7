import type { Parts } from '../parts.ts';
import { pickCampaign } from '../sending/pickCampaign.ts';

const ANY = ['running', 'scheduled', 'paused', 'needsAction', 'done', 'cancelled'] as const;

export async function showReport(parts: Parts, argument: unknown): Promise<void> {
  await parts.rooms.showReport((await pickCampaign(parts, argument, ANY)).id);
}
