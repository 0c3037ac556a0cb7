import { senderQuestion } from '../letter/senderQuestion.ts';
import { type DirectStanding, directCodes, directStanding } from '../shared/directStanding.ts';
import { DIRECT } from '../shared/settings.ts';
import type { CommandOptions } from './commandLine.ts';
import type { Gathered } from './gather.ts';

/** Whether direct delivery gets through from here, checked now; null without --network. */
export async function standingOfDirect(
  letter: Gathered,
  { network, state }: CommandOptions,
): Promise<DirectStanding | null> {
  const question = network ? senderQuestion({ ...letter, settings: { ...letter.settings, route: [DIRECT] } }) : null;
  if (!question) return null;
  const { askSender } = await import('../engine/openEngine.ts');
  return directStanding(
    await askSender({ ...question, only: directCodes }, process.env.ENVOI_LAB_ADDRESSES ?? '', state),
  );
}
