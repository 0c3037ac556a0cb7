import type { DatabaseSync } from 'node:sqlite';
import type { Suppression } from '../protocol/engineApi.ts';
import { domainOf } from '../shared/address.ts';
import type { Clock } from '../shared/clock.ts';
import { replyText } from '../shared/outcome.ts';
import { isDoubtful } from './queue/policy/markDoubt.ts';
import { type ReturnedRow, ReturnStore } from './queue/store/returnStore.ts';
import { SuppressionStore } from './queue/store/suppressionStore.ts';

/** Campaigns in which an address must bounce softly before it is left out. */
const SOFT_LIMIT = 3;
const REASONS = { bounced: 'bounced', complained: 'complained', left: 'unsubscribed' } as const;

interface Place {
  campaign: number;
  domain: string;
}

/** The consequences of returned messages that have been recorded. */
export interface Followed {
  added: Suppression[];
  /** Suppressed before, and mailed again: their domain reported too many. */
  takenBack: string[];
  /** Readers whose mailbox is reported missing, and for whom that is not believed. */
  doubted: number;
}

/**
 * Who is no longer mailed because of what came back. A complaint and an unsubscribe request count at once. So does a dead
 * mailbox, unless its domain reported more readers of the campaign missing than is believed of a server that says so at once:
 * then none of them count. Other bounces that count against the address take effect from the third campaign on.
 */
export class ReturnedSuppressions {
  readonly #store: ReturnStore;
  readonly #suppressions: SuppressionStore;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(database: DatabaseSync, clock: Pick<Clock, 'now'>) {
    this.#store = new ReturnStore(database);
    this.#suppressions = new SuppressionStore(database);
    this.#clock = clock;
  }

  /** Must be called within the transaction that records the rows. */
  follow(rows: readonly ReturnedRow[]): Followed {
    const doubtful = this.#doubtful(rows);
    const takenBack = doubtful.places.flatMap(({ campaign, domain }) =>
      this.#suppressions.takeBack(campaign, this.#store.deadAt(campaign, domain)),
    );
    const added = new Map<string, Suppression>();
    let doubted = 0;
    for (const row of rows) {
      if (row.kind === 'replied' || !this.#holds(row)) continue;
      if (isDead(row) && doubtful.has(row)) {
        doubted++;
        continue;
      }
      const entry = row.address.toLowerCase();
      if (added.has(entry) || this.#suppressions.has(entry, '')) continue;
      // The time of the action, not of the message: it allows the action to be undone, and a stranger's clock may be wrong.
      const note = replyText(row.reply).slice(0, 500);
      added.set(entry, { entry, reason: REASONS[row.kind], note, at: this.#clock.now() });
    }
    this.#suppressions.addWithin([...added.values()]);
    return { added: [...added.values()], takenBack, doubted };
  }

  #holds(row: ReturnedRow): boolean {
    if (row.hard) return true;
    return row.kind === 'bounced' && row.about !== null && this.#store.softCampaigns(row.address) >= SOFT_LIMIT;
  }

  /** Among the dead mailboxes of these rows, the domains of campaigns that reported too many. */
  #doubtful(rows: readonly ReturnedRow[]) {
    const places = new Map<string, Place>();
    for (const row of rows) {
      const place = placeOf(row);
      if (place) places.set(`${place.campaign} ${place.domain}`, place);
    }
    for (const [key, place] of places) if (!this.#isDoubtful(place)) places.delete(key);
    return {
      places: [...places.values()],
      has: (row: ReturnedRow) => {
        const place = placeOf(row);
        return place !== null && places.has(`${place.campaign} ${place.domain}`);
      },
    };
  }

  #isDoubtful({ campaign, domain }: Place): boolean {
    const marked = this.#store.deadAt(campaign, domain).length;
    // A few are believed anyway; the deliveries of a campaign are counted only where there are many.
    return (
      isDoubtful({ answered: 0, marked }) && isDoubtful({ answered: this.#store.answeredAt(campaign, domain), marked })
    );
  }
}

function isDead({ kind, hard }: ReturnedRow): boolean {
  return kind === 'bounced' && hard;
}

function placeOf(row: ReturnedRow): Place | null {
  if (!isDead(row) || !row.about) return null;
  return { campaign: row.about.campaignKey, domain: domainOf(row.address).toLowerCase() };
}
