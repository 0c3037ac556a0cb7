import type {
  Attention,
  CampaignSnapshot,
  CampaignState,
  DeliveryState,
  TransportSnapshot,
} from '../../shared/campaign.ts';
import type { Settings } from '../../shared/settings.ts';
import type { CampaignRow } from './campaignStore.ts';
import type { Item } from './item.ts';
import type { Prepared } from './lane.ts';

export interface TransportTally {
  sent: number;
  deferred: number;
  rejected: number;
}

const RATE_SPAN_MS = 10_000;

/** One campaign in memory: what it counts, how far its list has been read, and who of it is on the way. */
export class Run {
  readonly key: number;
  readonly id: string;
  readonly row: CampaignRow;
  readonly settings: Settings;
  state: CampaignState;
  attention: readonly Attention[];
  finishedAt: number;
  /** Deliveries in memory, from being read to being settled. */
  readonly held = new Map<number, Item>();
  /** The list has been read up to here; domains with more than their lane takes are read by themselves. */
  position = -1;
  listDone = false;
  readonly parked = new Map<string, number>();
  readonly counts: Record<DeliveryState, number>;
  readonly refused: { invalid: number; duplicate: number };
  readonly tallies: Map<string, TransportTally>;
  prepare: ((item: Item) => Promise<Prepared>) | null = null;
  readonly #settled: number[] = [];

  constructor(
    row: CampaignRow,
    counts: Record<DeliveryState, number>,
    refused: { invalid: number; duplicate: number },
    tallies: Map<string, TransportTally>,
  ) {
    if (row.state === 'draft') throw new Error('a draft does not run');
    this.key = row.key;
    this.id = row.id;
    this.row = row;
    this.settings = row.settings;
    this.state = row.state;
    this.attention = row.attention;
    this.finishedAt = row.finishedAt;
    this.counts = counts;
    this.refused = refused;
    this.tallies = tallies;
  }

  get startedAt(): number {
    return Math.max(this.row.startAt, this.row.createdAt);
  }

  /** Deliveries that may still be sent. */
  get open(): number {
    return this.counts.queued + this.counts.sending + this.counts.deferred;
  }

  /** Reads the list from its beginning again: rows were put back into it. */
  rewind(): void {
    this.position = -1;
    this.listDone = false;
    this.parked.clear();
  }

  moved(from: DeliveryState, to: DeliveryState, transport: string, now: number): void {
    this.counts[from]--;
    this.counts[to]++;
    const tally = this.tally(transport);
    if (to === 'sent') tally.sent++;
    else if (to === 'deferred') tally.deferred++;
    else if (to === 'rejected' || to === 'expired') tally.rejected++;
    if (to !== 'sending' && to !== 'queued') {
      this.#settled.push(now);
      if (this.#settled.length > 4096) this.#forget(now);
    }
  }

  tally(transport: string): TransportTally {
    let tally = this.tallies.get(transport);
    if (!tally) {
      tally = { sent: 0, deferred: 0, rejected: 0 };
      this.tallies.set(transport, tally);
    }
    return tally;
  }

  /** Messages settled per second over the last ten seconds, or since the first of them. */
  rate(now: number): number {
    this.#forget(now);
    const first = this.#settled[0];
    if (first === undefined || this.state !== 'running') return 0;
    return (this.#settled.length * 1000) / Math.max(1000, Math.min(RATE_SPAN_MS, now - first));
  }

  snapshot(
    now: number,
    attention: readonly Attention[],
    transports: readonly TransportSnapshot[],
    etaAt: number,
  ): CampaignSnapshot {
    const { row } = this;
    return {
      id: this.id,
      subject: row.subject,
      document: row.documentPath,
      recipients: row.recipientsPath,
      kind: row.kind,
      state: this.state,
      createdAt: row.createdAt,
      startAt: row.startAt,
      finishedAt: this.finishedAt,
      total: row.total,
      counts: { ...this.counts },
      refused: { ...this.refused, suppressed: this.counts.suppressed },
      rate: this.rate(now),
      etaAt,
      attention,
      transports,
    };
  }

  #forget(now: number): void {
    const since = now - RATE_SPAN_MS;
    const keep = this.#settled.findIndex((at) => at > since);
    if (keep < 0) this.#settled.length = 0;
    else if (keep > 0) this.#settled.splice(0, keep);
  }
}
