import type { EngineApi } from '../protocol/engineApi.ts';
import type { Clock } from '../shared/clock.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Runner } from './queue/run/runner.ts';
import type { CampaignRow } from './queue/store/campaignStore.ts';
import type { LetterStore } from './queue/store/letterStore.ts';
import type { SuppressionStore } from './queue/store/suppressionStore.ts';
import type { Snapshots } from './snapshots.ts';
import { unknownCampaign } from './unknownCampaign.ts';

/** What these calls need of the engine. */
export interface LetterOwner {
  runner: Pick<Runner, 'run' | 'halt' | 'suppressed'>;
  snapshots: Pick<Snapshots, 'of'>;
  /** Throws a UserError for one that has begun. */
  draftOf(draft: string): CampaignRow;
}

export type ListCall = 'sentBefore' | 'correct' | 'suppressions' | 'suppress' | 'unsuppress' | 'undoSuppressions';

/** The engine's calls about who gets a letter: who has it, who must not be mailed, and a correction in mid-campaign. */
export function listCalls(
  { letters, suppressions }: { letters: LetterStore; suppressions: SuppressionStore },
  clock: Clock,
  { runner, snapshots, draftOf }: LetterOwner,
): Pick<EngineApi, ListCall> {
  return {
    sentBefore: async ({ letter, after, limit }) => ({
      campaigns: letters.campaigns(letter),
      readers: letters.readers(letter, after, Math.min(Math.max(limit, 1), 10_000)),
    }),

    async correct({ campaign, draft }) {
      const run = runner.run(campaign);
      if (!run) throw unknownCampaign(campaign);
      if (run.state !== 'paused' && run.state !== 'needsAction' && run.state !== 'scheduled')
        throw new UserError(
          'notPaused',
          msg('The campaign {0} is not paused.', campaign),
          msg('Pause it first, then correct the letter and go on.'),
        );
      await runner.halt(run);
      const { key, subject } = draftOf(draft);
      letters.correct(run.key, key, clock.now());
      run.row.subject = subject;
      run.prepare = null;
      return snapshots.of(run);
    },

    suppressions: async ({ after, limit }) => suppressions.list(after, Math.min(Math.max(limit, 1), 10_000)),

    async suppress({ entries }) {
      suppressions.add(entries);
      runner.suppressed();
    },

    async unsuppress({ entries }) {
      suppressions.remove(entries);
    },

    async undoSuppressions({ campaign }) {
      const run = runner.run(campaign);
      if (!run) throw unknownCampaign(campaign);
      return suppressions.undo(run.key);
    },
  };
}
