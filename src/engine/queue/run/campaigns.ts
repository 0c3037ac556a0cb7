import { describeError } from '../../../shared/errors.ts';
import type { Log } from '../../../shared/log.ts';
import { type CampaignEvent, transition } from '../policy/transition.ts';
import type { CampaignStore } from '../store/campaignStore.ts';
import type { CampaignRun } from './campaignRun.ts';

/**
 * Moves campaigns from state to state, and is the one place that does: in memory, on disk, and then it is told. What the
 * disk refuses has not happened, unless the campaign stops by itself.
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

  /** A person, or a time: false where nothing changed. Throws when it could not be written. */
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

  /** The same for what stops by itself: it has stopped, whatever the disk says. */
  moveAnyway(run: CampaignRun, event: CampaignEvent): void {
    try {
      this.move(run, event);
    } catch (error) {
      this.#log.error(`the state of the campaign could not be written: ${describeError(error)}`);
      this.pretend(run, event);
      this.#onChange(run);
    }
  }

  /** As if, and nothing of it on disk: for one that is only looked at. */
  pretend(run: CampaignRun, event: CampaignEvent): void {
    run.standing = transition(run.standing, event) ?? run.standing;
  }
}
