import type { DatabaseSync } from 'node:sqlite';
import type { CampaignDraft } from '../protocol/engineApi.ts';
import { describeError, msg, UserError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { Recipient, RefusedRow } from '../shared/recipient.ts';
import { transportNames } from '../shared/settings.ts';
import type { Transports } from './queue/run/transports.ts';
import type { CampaignRow, CampaignStore } from './queue/store/campaignStore.ts';
import { Removal } from './queue/store/removal.ts';
import { OrderBuilder } from './queue/store/sendingOrder.ts';
import type { SuppressionStore } from './queue/store/suppressionStore.ts';
import { unknownCampaign } from './unknownCampaign.ts';

/** What is known of the rows of a draft while they arrive. */
export interface Taken {
  order: OrderBuilder;
  suppressed: number;
  isSuppressed: (address: string, domain: string) => boolean;
}

/** Campaigns that are being submitted in parts: each part may arrive twice, and none counts before the start. */
export class Drafts {
  readonly #campaigns: CampaignStore;
  readonly #suppressions: SuppressionStore;
  readonly #transports: Transports;
  readonly removal: Removal;
  readonly #taken = new Map<string, Taken>();
  /** Those becoming campaigns right now; they count as begun. */
  readonly #starting = new Map<string, Promise<void>>();

  constructor(
    database: DatabaseSync,
    campaigns: CampaignStore,
    suppressions: SuppressionStore,
    transports: Transports,
  ) {
    this.#campaigns = campaigns;
    this.#suppressions = suppressions;
    this.#transports = transports;
    this.removal = new Removal(database);
  }

  async create(draft: string, campaign: CampaignDraft, now: number): Promise<void> {
    const known = this.#campaigns.find(draft);
    if (known && this.#begun(known)) return;
    const { newsletter, hours, settings } = campaign;
    // Throws when the route names a server that does not exist.
    for (const name of transportNames(settings)) this.#transports.get(name, settings);
    this.#taken.delete(draft);
    const pinned = {
      ...campaign,
      id: draft,
      subject: newsletter.subject,
      newsletter: JSON.stringify(newsletter),
      hours: hours ?? settings.sendingHours,
    };
    await this.removal.removeDraft(draft, () => this.#campaigns.createDraft(pinned, now));
  }

  addAsset(draft: string, path: string, content: Uint8Array): void {
    const row = this.find(draft);
    if (!this.#begun(row) || !this.#campaigns.hasAsset(row.key, path))
      this.#campaigns.addAsset(this.unstarted(draft).key, path, content);
  }

  addRows(draft: string, sequence: number, rows: readonly Recipient[], refused: readonly RefusedRow[]): void {
    const row = this.find(draft);
    // Repeated after the start, as when the reply was lost: it exists.
    if (this.#begun(row) && sequence < row.nextSequence) return;
    const { key } = this.unstarted(draft);
    const taken = this.#taken.get(draft) ?? {
      order: new OrderBuilder(),
      suppressed: 0,
      isSuppressed: this.#suppressions.asked(),
    };
    this.#taken.set(draft, taken);
    const before = taken.order.size;
    let suppressed = 0;
    try {
      this.#campaigns.addRows(key, sequence, rows, refused, {
        isSuppressed: taken.isSuppressed,
        taken: (id, domain, left) => {
          taken.order.add(id, domain);
          if (left) suppressed++;
        },
      });
    } catch (error) {
      taken.order.cutTo(before);
      throw error;
    }
    taken.suppressed += suppressed;
  }

  /** `begin` makes a campaign of the draft. Whoever starts it again meanwhile waits for the same; if it fails, it is a draft again. */
  start(row: CampaignRow, begin: (taken: Taken | undefined) => Promise<void>): Promise<void> {
    const { id } = row;
    if (row.state !== 'draft') return Promise.resolve();
    const known = this.#starting.get(id);
    if (known) return known;
    const starting = (async () => {
      await begin(this.#taken.get(id));
      this.#taken.delete(id);
    })().finally(() => this.#starting.delete(id));
    this.#starting.set(id, starting);
    return starting;
  }

  async discard(draft: string): Promise<void> {
    await this.#starting.get(draft)?.catch(() => {});
    this.#taken.delete(draft);
    await this.removal.removeDraft(draft);
  }

  /** Removes those of an earlier process. */
  removeLeft(log: Log): void {
    this.removal
      .removeLeft()
      .catch((error: unknown) => log.warn(`what was not started is not yet removed: ${describeError(error)}`));
  }

  /** Nothing more is removed. */
  close(): Promise<void> {
    return this.removal.close();
  }

  find(id: string): CampaignRow {
    const row = this.#campaigns.find(id);
    if (!row) throw unknownCampaign(id);
    return row;
  }

  unstarted(id: string): CampaignRow {
    const row = this.find(id);
    if (this.#begun(row))
      throw new UserError('started', msg('The campaign {0} has already begun.', id), msg('Start a new one.'));
    return row;
  }

  #begun({ id, state }: CampaignRow): boolean {
    return state !== 'draft' || this.#starting.has(id);
  }
}
