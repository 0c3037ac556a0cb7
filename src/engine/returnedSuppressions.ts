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

/** What follows from messages that came back and have been recorded. */
export interface Followed {
  added: Suppression[];
  /** Suppressed before, and mailed again: their domain said it of too many. */
  takenBack: string[];
  /** Readers whose mailbox is said not to exist, and of whom it is not believed. */
  doubted: number;
}

/**
 * Who is not mailed any more because of what came back. A complaint and a wish to leave hold at once. So does a dead mailbox,
 * unless its domain said it of more readers of the campaign than is believed of a server that says it while we wait: then
 * of none of them. Other bounces that speak against the address hold from the third campaign on.
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

  /** To be called within the transaction that records the rows. */
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
      // The time of the act, not of the message: by it the act can be undone, and a stranger's clock may be wrong.
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

  /** Of the dead mailboxes among these rows, the domains of campaigns that said it of too many. */
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
    // Few are believed anyway; the deliveries of a campaign are counted only where there are many.
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
