import type { EngineApi } from '../protocol/engineApi.ts';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import type { Clock } from '../shared/clock.ts';
import { describeError } from '../shared/errors.ts';
import type { LeftOut } from '../shared/leftOut.ts';
import type { Log } from '../shared/log.ts';
import { DIRECT, transportNames } from '../shared/settings.ts';
import type { Taken } from './drafts.ts';
import { deleteOld } from './keepCampaigns.ts';
import { CampaignRun } from './queue/run/campaignRun.ts';
import type { Runner } from './queue/run/runner.ts';
import type { CampaignRow, CampaignStore } from './queue/store/campaignStore.ts';
import { type CampaignTotals, type DeliveryStore, type MovedCounts, noCounts } from './queue/store/deliveryStore.ts';
import type { LetterStore } from './queue/store/letterStore.ts';
import { ReadersLeftOut } from './readersLeftOut.ts';
import type { Snapshots } from './snapshots.ts';
import { unknownCampaign } from './unknownCampaign.ts';

/** How late a planned campaign may start without being confirmed again. */
const MISSED_AFTER_MS = 15 * 60_000;

export interface ControlDeps {
  clock: Clock;
  log: Log;
  campaigns: CampaignStore;
  deliveries: DeliveryStore;
  letters: LetterStore;
  runner: Runner;
  snapshots: Snapshots;
  remove: EngineApi['remove'];
  /** False: nothing is sent; for reading the store only. */
  moves: boolean;
  /** A campaign that was in progress when its engine was killed waits until it is resumed. */
  waits: boolean;
}

/** What memory holds of a campaign's rows. */
interface Standing extends CampaignTotals {
  leftOut: Partial<LeftOut>;
  /** As CampaignRun's. */
  bounced: number;
}

/** What a person does with campaigns: start, pause, resume, cancel, resend, decide. */
export class Control {
  readonly #deps: ControlDeps;
  readonly #sweeps = new Map<CampaignRun, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(deps: ControlDeps) {
    this.#deps = deps;
  }

  run(id: string): CampaignRun {
    const run = this.#deps.runner.run(id);
    if (!run) throw unknownCampaign(id);
    return run;
  }

  async start(row: CampaignRow, startAt: number, taken: Taken | undefined): Promise<void> {
    const { clock, campaigns, letters, snapshots } = this.#deps;
    const readers = new ReadersLeftOut(letters, row.key, this.#closing.signal);
    const state = () => (startAt > clock.now() ? 'scheduled' : 'running');
    let leftOut = await campaigns.leftOut(row.key);
    // Of two started at once, the second finds the first.
    while (!campaigns.begin(row.key, state(), startAt, () => readers.complete)) {
      await readers.leaveOut();
      leftOut = await campaigns.leftOut(row.key);
    }
    const begun = campaigns.find(row.id);
    if (!begun) return;
    const suppressed = taken?.suppressed ?? 0;
    const counts = { ...noCounts(), suppressed, queued: begun.total - suppressed };
    this.#load(begun, { counts, tallies: new Map(), odd: [], leftOut, bounced: 0 }, taken);
    // The start is not kept waiting: it takes seconds for a long list.
    void deleteOld(snapshots.runs, row.settings.keepCampaigns ?? null, clock.now(), this.#deps);
  }

  /** Takes in a campaign found on disk. */
  async load(row: CampaignRow): Promise<void> {
    const { campaigns, deliveries } = this.#deps;
    const totals = await deliveries.standing(row.key);
    const { counts } = totals;
    const leftOut = await campaigns.leftOut(row.key);
    // Counted only while the campaign may still stop for them.
    const mayStop = counts.rejected > 0 && counts.sent + counts.rejected <= 100;
    const bounced = mayStop ? await deliveries.dead(row.key) : 0;
    const unswept = row.state === 'cancelled' ? counts.queued + counts.deferred : 0;
    if (unswept > 0) Object.assign(counts, { cancelled: counts.cancelled + unswept, queued: 0, deferred: 0 });
    const run = this.#load(row, { ...totals, leftOut, bounced });
    if (unswept > 0 && this.#deps.moves) this.#sweep(run);
  }

  #load(row: CampaignRow, { counts, tallies, odd, leftOut, bounced }: Standing, begun?: Taken): CampaignRun {
    const { clock, runner, snapshots, moves, waits } = this.#deps;
    const run = new CampaignRun(row, counts, leftOut, tallies);
    for (const id of odd) run.odd.add(id);
    run.bounced = bounced;
    const missed = run.state === 'scheduled' && row.startAt < clock.now() - MISSED_AFTER_MS;
    const stop = { kind: 'stop', attention: { kind: 'missed', at: row.startAt } } as const;
    if (run.state === 'running' && waits && !begun) runner.campaigns.pretend(run, { kind: 'pause' });
    else if (moves) {
      if (missed) runner.campaigns.move(run, stop);
      else if (run.state === 'running' || run.state === 'scheduled') this.#wantSecrets(run);
    } else if (run.state === 'running') runner.campaigns.pretend(run, { kind: 'pause' });
    else if (missed) runner.campaigns.pretend(run, stop);
    if (begun) run.ordering = begun.order.build();
    snapshots.add(run);
    runner.add(run);
    return run;
  }

  async pause(id: string): Promise<CampaignSnapshot> {
    const { runner } = this.#deps;
    const run = this.run(id);
    if (runner.campaigns.move(run, { kind: 'pause' })) await runner.halt(run);
    return this.#snapshot(run);
  }

  async resume(id: string, secrets: Record<string, string>): Promise<CampaignSnapshot> {
    const { clock, deliveries, runner } = this.#deps;
    this.keep(secrets);
    const run = this.run(id);
    const stopped = () => run.state === 'paused' || run.state === 'needsAction';
    if (stopped()) {
      // Key files and the like may have been fixed since.
      run.prepare = null;
      // What was refused through our own fault is worth another attempt once that has been fixed.
      for (const item of run.attention) {
        if (item.kind !== 'refused') continue;
        run.count(
          { rejected: await deliveries.requeueRefused(run.key, item.cause, await this.#elsewhere(run)) },
          'queued',
        );
        run.rewind();
      }
    }
    if (stopped() && run.unsettled > 0) await deliveries.hasten(run.key, clock.now());
    if (stopped()) {
      runner.campaigns.move(run, { kind: 'resume', startAt: run.row.startAt, now: clock.now() });
      this.#wantSecrets(run);
      runner.revive();
    }
    return this.#snapshot(run);
  }

  /** Replies once nothing more is sent; each row is marked afterwards, but reported as cancelled at once. */
  async cancel(id: string): Promise<CampaignSnapshot> {
    const { clock, runner, snapshots } = this.#deps;
    const run = this.run(id);
    const { inDoubt } = run.counts;
    if (runner.campaigns.move(run, { kind: 'cancel', now: clock.now(), inDoubt })) {
      await runner.halt(run);
      const { queued, deferred } = run.counts;
      run.count({ queued, deferred }, 'cancelled');
      snapshots.changed(run);
      this.#sweep(run);
    }
    return this.#snapshot(run);
  }

  async resendFailed(id: string, ids: readonly number[] | undefined): Promise<CampaignSnapshot> {
    const run = this.run(id);
    await this.#swept(run);
    const moved = await this.#deps.deliveries.resend(run.key, ids, await this.#elsewhere(run), this.#closing.signal);
    return this.#requeue(run, this.#moved(run, moved, 'queued'));
  }

  /** Whom another campaign of the same letter has reached since, or is about to. */
  #elsewhere(run: CampaignRun): Promise<number[]> {
    return new ReadersLeftOut(this.#deps.letters, run.key, this.#closing.signal).reachedElsewhere();
  }

  async decideInDoubt(
    id: string,
    decision: 'resend' | 'leave',
    ids: readonly number[] | undefined,
  ): Promise<CampaignSnapshot> {
    const { deliveries, runner } = this.#deps;
    const run = this.run(id);
    const to = decision === 'resend' ? 'queued' : 'sent';
    if (to === 'queued') await this.#swept(run);
    const found = ids
      ? deliveries.moveThese(run.key, ['inDoubt'], to, ids)
      : await deliveries.moveAll(run.key, ['inDoubt'], to, this.#closing.signal);
    const moved = this.#moved(run, found, to);
    if (to === 'queued') return this.#requeue(run, moved);
    runner.campaigns.move(run, { kind: 'decide', inDoubt: run.counts.inDoubt });
    return this.#snapshot(run);
  }

  /** Nothing more is written. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#sweeps.values());
  }

  /** Marks each row as cancelled. If a crash interrupts it, it is finished after the next start. */
  #sweep(run: CampaignRun): void {
    const { deliveries, log } = this.#deps;
    const sweep = deliveries
      .moveAll(run.key, ['queued', 'deferred'], 'cancelled', this.#closing.signal)
      .catch((error: unknown) =>
        log.warn(`the rows of ${run.id} are not yet written as cancelled: ${describeError(error)}`),
      );
    this.#sweeps.set(
      run,
      sweep.then(() => {
        this.#sweeps.delete(run);
      }),
    );
  }

  async #swept(run: CampaignRun): Promise<void> {
    await this.#sweeps.get(run);
  }

  #moved(run: CampaignRun, moved: MovedCounts, to: 'queued' | 'sent'): number {
    run.count(moved, to);
    this.#deps.snapshots.changed(run);
    return Object.values(moved).reduce((sum, count) => sum + count, 0);
  }

  async provideSecrets(secrets: Record<string, string>): Promise<void> {
    const { clock, runner, snapshots } = this.#deps;
    const now = clock.now();
    const { transports } = runner;
    const changed = this.keep(secrets);
    const waits = ({ attention, settings }: CampaignRun) =>
      attention.some(
        (item) =>
          item.kind === 'secretMissing' ||
          (item.kind === 'transportClosed' &&
            item.cause === 'credentials' &&
            changed.includes(transports.get(item.transport, settings).accountKey)),
      );
    const waiting = snapshots.runs.filter((run) => run.state === 'needsAction' && waits(run));
    const refused = changed.filter((key) => transports.closure(key, now)?.cause === 'credentials');
    if (refused.length > 0) runner.renewed(new Set(refused));
    for (const run of waiting) await this.resume(run.id, {});
  }

  /** Returns the keys whose secret has changed. */
  keep(secrets: Record<string, string>): string[] {
    const known = this.#deps.runner.transports.secrets;
    const changed = Object.entries(secrets).filter(([key, secret]) => known.get(key) !== secret);
    for (const [key, secret] of changed) known.set(key, secret);
    return changed.map(([key]) => key);
  }

  /** A campaign that needs a password that has not been given waits for it, rather than failing at the server. */
  #wantSecrets(run: CampaignRun): void {
    const { runner } = this.#deps;
    const { settings } = run;
    for (const name of transportNames(settings)) {
      const secretKey = name === DIRECT ? null : runner.transports.missingSecret(name, settings);
      if (secretKey === null) continue;
      runner.campaigns.move(run, { kind: 'stop', attention: { kind: 'secretMissing', transport: name, secretKey } });
      return;
    }
  }

  #requeue(run: CampaignRun, moved: number): Promise<CampaignSnapshot> {
    const { runner } = this.#deps;
    if (moved > 0) {
      run.rewind();
      if (runner.campaigns.move(run, { kind: 'requeue' })) this.#wantSecrets(run);
      runner.pump();
    }
    return this.#snapshot(run);
  }

  #snapshot(run: CampaignRun): Promise<CampaignSnapshot> {
    return this.#deps.snapshots.of(run);
  }
}
