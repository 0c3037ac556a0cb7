import { describeError } from '../../../shared/errors.ts';
import type { Log } from '../../../shared/log.ts';
import { type CampaignEvent, transition } from '../policy/transition.ts';
import type { CampaignStore } from '../store/campaignStore.ts';
import type { CampaignRun } from './campaignRun.ts';

/**
 * The only place where campaigns change state: in memory, on disk, and then it is reported. What cannot be written to disk
 * has not happened, unless the campaign stops by itself.
 */
export class Campaigns {
  readonly #store: CampaignStore;
  readonly #log: Log;
  readonly #onChange: (run: CampaignRun) => void;

  constructor(store: CampaignStore, log: Log, onChange: (run: CampaignRun) => void) {
    this.#store = store;
    this.#log = log;
    this.#onChange = onChange;
  }

  /** By a person, or at a time: false where nothing changed. Throws when it could not be written. */
  move(run: CampaignRun, event: CampaignEvent): boolean {
    const before = run.standing;
    const next = transition(before, event);
    if (!next) return false;
    run.standing = next;
    try {
      this.#store.setState(run.key, next.state, next.attention, next.finishedAt);
    } catch (error) {
      // What a full disk refused can be asked for again.
      run.standing = before;
      throw error;
    }
    this.#onChange(run);
    return true;
  }

  /** The same for a campaign that stops by itself: it has stopped even if that cannot be written. */
  moveAnyway(run: CampaignRun, event: CampaignEvent): void {
    try {
      this.move(run, event);
    } catch (error) {
      this.#log.error(`the state of the campaign could not be written: ${describeError(error)}`);
      this.pretend(run, event);
      this.#onChange(run);
    }
  }

  /** In memory only, nothing on disk: for a campaign opened read-only. */
  pretend(run: CampaignRun, event: CampaignEvent): void {
    run.standing = transition(run.standing, event) ?? run.standing;
  }
}
