import { directCodes, directStanding } from '../letter/plan/directStanding.ts';
import type { DirectStanding } from '../letter/plan/strategy.ts';
import { senderQuestion } from '../letter/senderQuestion.ts';
import { DIRECT } from '../shared/settings.ts';
import type { CommandOptions } from './commandLine.ts';
import type { Gathered } from './gather.ts';

/** Whether direct delivery gets through from here: asked only with --network. */
export async function standingOfDirect(letter: Gathered, { network }: CommandOptions): Promise<DirectStanding> {
  const question = network ? senderQuestion({ ...letter, settings: { ...letter.settings, route: [DIRECT] } }) : null;
  if (!question) return { state: 'unknown' };
  const { askSender } = await import('../engine/openEngine.ts');
  return directStanding(await askSender({ ...question, only: directCodes }, process.env.ENVOI_LAB_ADDRESSES ?? ''));
}
