import type { CampaignSnapshot } from '../shared/campaign.ts';
import type { Clock } from '../shared/clock.ts';
import { DIRECT, transportNames } from '../shared/settings.ts';
import { Run } from './queue/run/run.ts';
import type { Runner } from './queue/run/runner.ts';
import type { CampaignRow, CampaignStore } from './queue/store/campaignStore.ts';
import type { DeliveryStore } from './queue/store/deliveryStore.ts';
import type { LetterStore } from './queue/store/letterStore.ts';
import type { ReportStore } from './queue/store/reportStore.ts';
import type { Snapshots } from './snapshots.ts';
import { unknownCampaign } from './unknownCampaign.ts';

/** How late a planned start may be and still happen by itself. */
const MISSED_AFTER_MS = 15 * 60_000;

export interface ControlParts {
  clock: Clock;
  campaigns: CampaignStore;
  deliveries: DeliveryStore;
  reports: ReportStore;
  letters: LetterStore;
  runner: Runner;
  snapshots: Snapshots;
  /** False: nothing moves; for looking at the store only. */
  moves: boolean;
  /** What an engine left under way when it was killed waits until it is resumed. */
  waits: boolean;
}

/** What a person does to campaigns: start, pause, resume, cancel, send again, decide. */
export class Control {
  readonly #parts: ControlParts;

  constructor(parts: ControlParts) {
    this.#parts = parts;
  }

  run(id: string): Run {
    const run = this.#parts.runner.run(id);
    if (!run) throw unknownCampaign(id);
    return run;
  }

  start(row: CampaignRow, startAt: number): void {
    const { clock, campaigns, deliveries, letters } = this.#parts;
    const state = startAt > clock.now() ? 'scheduled' : 'running';
    campaigns.begin(row.key, state, startAt, (key) => {
      letters.leaveOutReaders(key);
      deliveries.interleave(key);
    });
    const begun = campaigns.find(row.id);
    if (begun) this.load(begun, true);
  }

  /** Takes in a campaign that is on disk. */
  load(row: CampaignRow, begun = false): void {
    const { clock, campaigns, deliveries, reports, runner, snapshots, moves, waits } = this.#parts;
    const { key } = row;
    const run = new Run(row, deliveries.counts(key), campaigns.leftOut(key), reports.tallies(key));
    const missed = run.state === 'scheduled' && row.startAt < clock.now() - MISSED_AFTER_MS;
    const stop = { kind: 'stop', attention: { kind: 'missed', at: row.startAt } } as const;
    if (run.state === 'running' && waits && !begun) runner.campaigns.pretend(run, { kind: 'pause' });
    else if (moves) {
      if (missed) runner.campaigns.move(run, stop);
      else if (run.state === 'running' || run.state === 'scheduled') this.#wantSecrets(run);
    } else if (run.state === 'running') runner.campaigns.pretend(run, { kind: 'pause' });
    else if (missed) runner.campaigns.pretend(run, stop);
    snapshots.add(run);
    runner.add(run);
  }

  async pause(id: string): Promise<CampaignSnapshot> {
    const { runner } = this.#parts;
    const run = this.run(id);
    if (runner.campaigns.move(run, { kind: 'pause' })) await runner.halt(run);
    return this.#snapshot(run);
  }

  resume(id: string, secrets: Record<string, string>): CampaignSnapshot {
    const { clock, deliveries, runner } = this.#parts;
    this.keep(secrets);
    const run = this.run(id);
    if (run.state === 'paused' || run.state === 'needsAction') {
      // What was made of key files and the like may have been mended.
      run.prepare = null;
      // What was refused for our own fault is worth another try once that has been mended.
      for (const item of run.attention) if (item.kind === 'refused') deliveries.requeueRefused(run.key, item.cause);
      this.#recount(run);
      if (run.open > 0) deliveries.hasten(run.key, clock.now());
      runner.campaigns.move(run, { kind: 'resume', startAt: run.row.startAt, now: clock.now() });
      this.#wantSecrets(run);
      runner.revive();
    }
    return this.#snapshot(run);
  }

  async cancel(id: string): Promise<CampaignSnapshot> {
    const { clock, deliveries, runner } = this.#parts;
    const run = this.run(id);
    const { inDoubt } = run.counts;
    if (runner.campaigns.move(run, { kind: 'cancel', now: clock.now(), inDoubt })) {
      await runner.halt(run);
      deliveries.moveAll(run.key, ['queued', 'deferred'], 'cancelled');
      this.#recount(run);
    }
    return this.#snapshot(run);
  }

  resendFailed(id: string, ids: readonly number[] | undefined): CampaignSnapshot {
    const run = this.run(id);
    const { deliveries } = this.#parts;
    return this.#requeue(run, deliveries.resend(run.key, ids));
  }

  decideInDoubt(id: string, decision: 'resend' | 'leave', ids: readonly number[] | undefined): CampaignSnapshot {
    const { deliveries, runner } = this.#parts;
    const run = this.run(id);
    const to = decision === 'resend' ? 'queued' : 'sent';
    const moved = deliveries.moveAll(run.key, ['inDoubt'], to, ids);
    if (to === 'queued') return this.#requeue(run, moved);
    this.#recount(run);
    runner.campaigns.move(run, { kind: 'decide', inDoubt: run.counts.inDoubt });
    return this.#snapshot(run);
  }

  provideSecrets(secrets: Record<string, string>): void {
    const { clock, runner, snapshots } = this.#parts;
    const now = clock.now();
    const { transports } = runner;
    const refused = this.keep(secrets).filter((key) => transports.closure(key, now)?.cause === 'credentials');
    if (refused.length > 0) runner.renewed(new Set(refused));
    for (const run of snapshots.runs) {
      const waits = run.attention.some(
        (item) =>
          item.kind === 'secretMissing' ||
          (item.kind === 'transportClosed' &&
            item.cause === 'credentials' &&
            refused.includes(transports.get(item.transport, run.settings).quotaKey)),
      );
      if (run.state === 'needsAction' && waits) this.resume(run.id, {});
    }
  }

  /** Gives back the keys whose secret is another one than before. */
  keep(secrets: Record<string, string>): string[] {
    const known = this.#parts.runner.transports.secrets;
    const changed = Object.entries(secrets).filter(([key, secret]) => known.get(key) !== secret);
    for (const [key, secret] of changed) known.set(key, secret);
    return changed.map(([key]) => key);
  }

  /** A campaign that needs a password nobody has given waits for it, rather than failing at the server. */
  #wantSecrets(run: Run): void {
    const { runner } = this.#parts;
    const { settings } = run;
    for (const name of transportNames(settings)) {
      const secretKey = name === DIRECT ? null : runner.transports.missingSecret(name, settings);
      if (secretKey === null) continue;
      runner.campaigns.move(run, { kind: 'stop', attention: { kind: 'secretMissing', transport: name, secretKey } });
      return;
    }
  }

  #requeue(run: Run, moved: number): CampaignSnapshot {
    const { runner } = this.#parts;
    this.#recount(run);
    if (moved > 0) {
      run.rewind();
      if (runner.campaigns.move(run, { kind: 'requeue' })) this.#wantSecrets(run);
      runner.pump();
    }
    return this.#snapshot(run);
  }

  #recount(run: Run): void {
    Object.assign(run.counts, this.#parts.deliveries.counts(run.key));
    this.#parts.snapshots.changed(run);
  }

  #snapshot(run: Run): CampaignSnapshot {
    return this.#parts.snapshots.of(run);
  }
}
