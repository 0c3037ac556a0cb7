import type { DatabaseSync } from 'node:sqlite';
import type { EngineApi } from '../protocol/engineApi.ts';
import { foldAddress } from '../shared/address.ts';
import type { Clock } from '../shared/clock.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Drafts } from './drafts.ts';
import type { CampaignRun } from './queue/run/campaignRun.ts';
import type { Runner } from './queue/run/runner.ts';
import { CampaignStore } from './queue/store/campaignStore.ts';
import { Eraser } from './queue/store/eraser.ts';
import type { LetterStore } from './queue/store/letterStore.ts';
import { SuppressionStore } from './queue/store/suppressionStore.ts';
import type { Snapshots } from './snapshots.ts';
import { unknownCampaign } from './unknownCampaign.ts';

/** What these calls need from the engine. */
export interface LetterOwner {
  runner: Pick<Runner, 'run' | 'halt' | 'remove' | 'suppressed'>;
  snapshots: Pick<Snapshots, 'of' | 'remove' | 'runs'>;
  drafts: Pick<Drafts, 'unstarted' | 'removal'>;
}

export type ListCall =
  | 'leftOut'
  | 'sentBefore'
  | 'correct'
  | 'remove'
  | 'suppressions'
  | 'suppressionCounts'
  | 'suppress'
  | 'unsuppress'
  | 'undoSuppressions'
  | 'forget';

/** The engine's calls about who gets a letter: who has it, who must not be mailed, and a correction during a campaign. */
export function listCalls(
  database: DatabaseSync,
  letters: LetterStore,
  clock: Clock,
  { runner, snapshots, drafts }: LetterOwner,
): Pick<EngineApi, ListCall> {
  const suppressions = new SuppressionStore(database);
  const eraser = new Eraser(database);
  const campaigns = new CampaignStore(database);
  const runOf = (campaign: string) => known(runner.run(campaign), campaign);
  return {
    async leftOut({ campaign, after, limit }) {
      const run = runOf(campaign);
      return campaigns.refused(run.row, after, Math.min(Math.max(limit, 1), 5000));
    },

    sentBefore: async ({ letter, after, limit }) => ({
      campaigns: letters.campaigns(letter).map((campaign) => ({ ...campaign, ...haveIt(runner.run(campaign.id)) })),
      readers: letters.readers(letter, after, Math.min(Math.max(limit, 1), 10_000)),
    }),

    async correct({ campaign, draft }) {
      const run = runOf(campaign);
      await noteVersions(run, runner, letters);
      const { key, subject } = drafts.unstarted(draft);
      letters.correct(run.key, key, clock.now());
      run.row.subject = subject;
      run.prepare = null;
      return snapshots.of(run);
    },

    async remove({ campaign }) {
      const run = runOf(campaign);
      if (run.state !== 'done' && run.state !== 'cancelled')
        throw new UserError(
          'notEnded',
          msg('Campaign {0} has not finished.', campaign),
          msg('Finish or cancel it first.'),
        );
      const removed = drafts.removal.remove(run.key);
      runner.remove(run);
      snapshots.remove(run);
      await removed;
    },

    suppressions: async ({ after, limit, reason }) =>
      suppressions.list(after, Math.min(Math.max(limit, 1), 10_000), reason),
    suppressionCounts: async () => suppressions.counts(),

    async suppress({ entries }) {
      suppressions.add(entries);
      runner.suppressed();
    },

    async forget({ address }) {
      const { withdrawn, ...erased } = eraser.erase(foldAddress(address));
      for (const { campaign, state } of withdrawn) {
        const counts = snapshots.runs.find(({ key }) => key === campaign)?.counts;
        if (!counts || counts[state] === 0) continue;
        counts[state]--;
        counts.cancelled++;
      }
      return erased;
    },

    async unsuppress({ entries }) {
      suppressions.remove(entries);
    },

    async undoSuppressions({ campaign }) {
      const run = runOf(campaign);
      return suppressions.undo(run.key);
    },
  };
}

/** Notes who got a campaign's present version; it stands still when this resolves. */
async function noteVersions(run: CampaignRun, runner: LetterOwner['runner'], letters: LetterStore): Promise<void> {
  // Until nothing was sent meanwhile.
  for (let waiting = Number.NaN; waiting !== run.unsettled; ) {
    correctable(run);
    await runner.halt(run);
    waiting = run.unsettled;
    await letters.noteVersion(run.key);
  }
  correctable(run);
}

function correctable({ id, state }: CampaignRun): void {
  if (state === 'paused' || state === 'needsAction' || state === 'scheduled') return;
  throw new UserError(
    'notPaused',
    msg('The campaign {0} is not paused.', id),
    msg('Pause it first, then correct the letter and continue.'),
  );
}

/** How many have it, and how many may still get it or may have it. */
function haveIt(run: CampaignRun | undefined): { sent: number; waiting: number } {
  if (!run) return { sent: 0, waiting: 0 };
  return { sent: run.counts.sent, waiting: run.unsettled + run.counts.inDoubt };
}

function known<T>(run: T | undefined, campaign: string): T {
  if (run) return run;
  throw unknownCampaign(campaign);
}
