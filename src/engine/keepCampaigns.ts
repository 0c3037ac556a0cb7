import type { EngineApi } from '../protocol/engineApi.ts';
import { describeError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { Settings } from '../shared/settings.ts';
import type { CampaignRun } from './queue/run/campaignRun.ts';

const DAY_MS = 86_400_000;

/**
 * Deletes the campaigns that ended longer ago than the settings keep them. Settings come with a campaign, so this runs when
 * one has started, and after its readers were compared with earlier campaigns. A failure must not prevent sending.
 */
export async function deleteOld(
  runs: readonly Pick<CampaignRun, 'id' | 'state' | 'finishedAt' | 'row'>[],
  keep: NonNullable<Settings['keepCampaigns']> | null,
  now: number,
  { remove, log }: { remove: EngineApi['remove']; log: Log },
): Promise<void> {
  if (!keep) return;
  const endOf = ({ finishedAt, row }: (typeof runs)[number]) => Math.max(finishedAt, row.createdAt);
  const old = runs.filter(
    (run) => (run.state === 'done' || run.state === 'cancelled') && endOf(run) < now - keep.forMs,
  );
  const deleting = old.map(async (run) => {
    const { id } = run;
    const ended = endOf(run);
    try {
      await remove({ campaign: id });
      const days = (ms: number) => Math.floor(ms / DAY_MS);
      log.info(
        `deleted the campaign ${id}: it ended ${days(now - ended)} days ago, and envoi.keepCampaigns keeps ${days(keep.forMs)}`,
      );
    } catch (error) {
      log.warn(`the old campaign ${id} could not be deleted: ${describeError(error)}`);
    }
  });
  await Promise.all(deleting);
}
