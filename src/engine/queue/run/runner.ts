import type { Attention } from '../../../shared/campaign.ts';
import type { Clock } from '../../../shared/clock.ts';
import { describeError } from '../../../shared/errors.ts';
import type { AttemptEnd } from '../../../shared/outcome.ts';
import type { Settings } from '../../../shared/settings.ts';
import { hoursOpenAt } from '../policy/hours.ts';
import { isDiskTrouble } from '../store/database.ts';
import type { Delivery } from '../store/delivery.ts';
import { Ledger, type Move } from '../store/ledger.ts';
import { LimitStore } from '../store/limitStore.ts';
import { Alarm } from './alarm.ts';
import type { CampaignRun } from './campaignRun.ts';
import { Campaigns } from './campaigns.ts';
import type { EffectHandler } from './effectHandler.ts';
import { Feeder } from './feeder.ts';
import type { Lane } from './lane.ts';
import type { LaneEvent, Prepared } from './laneEvents.ts';
import { Lanes } from './lanes.ts';
import { Placement, type PlacementEvent } from './placement.ts';
import { notePreflight } from './preflights.ts';
import type { RunnerDeps } from './runnerDeps.ts';
import { Settlement } from './settlement.ts';
import type { SettlementEvent } from './settlementEvents.ts';
import { SILENCE_MS } from './silenceWatch.ts';
import { Transports } from './transports.ts';

/**
 * Keeps campaigns moving: feeder → placement → lane → settlement, and round again. Each of these emits events;
 * the runner forwards them. It holds only the campaigns, their states and when to check again.
 *
 * Contract: a delivery is attempted by one lane at a time; it moves to its next transport only when the end of the previous
 * attempt is on disk. Pausing starts nothing new and lets deliveries in progress end. Memory is limited, whatever the list.
 */
export class Runner {
  readonly clock: Clock;
  readonly transports: Transports;
  readonly ledger: Ledger;
  readonly lanes: Lanes;
  readonly limits: LimitStore;
  readonly campaigns: Campaigns;
  readonly #deps: RunnerDeps;
  readonly #runs = new Map<string, CampaignRun>();
  readonly #placement: Placement;
  readonly #settlement: Settlement;
  readonly #feeder: Feeder;
  readonly #alarm: Alarm;
  readonly #abort = new AbortController();
  #pumping = false;
  #pumpAgain = false;

  constructor(deps: RunnerDeps) {
    const { clock, log, deliveries, isStale } = deps;
    this.#deps = deps;
    this.clock = clock;
    this.#alarm = new Alarm(clock, () => this.pump());
    this.campaigns = new Campaigns(deps.campaigns, log, deps.onChange);
    this.transports = new Transports(deps.createTransport);
    const { transports } = this;
    const ledger = new Ledger(
      deps.database,
      (delivery, move) => this.#moved(delivery, move),
      (error) => this.#trouble(error),
    );
    this.ledger = ledger;
    this.limits = new LimitStore(deps.database);
    const mayStart = (delivery: Delivery) => this.#mayStart(delivery);
    const lanes = new Lanes({
      ports: {
        clock,
        silenceMs: deps.silenceMs ?? SILENCE_MS,
        mayStart,
        isStale,
        prepare: (delivery, transport) => this.#prepare(delivery, transport),
        intend: ({ delivery, host, startedAt }, way) => {
          if (!mayStart(delivery)) throw new Error('the campaign was stopped');
          return ledger.intend(delivery, { ...way, host, startedAt }, clock.now());
        },
        probing: (account) => transports.doubtful(account),
      },
      // What was committed while the clock was ahead was committed by now at the latest.
      history: (key) => (since, count) => deliveries.commits(key, since, count).map((at) => Math.min(at, clock.now())),
      tell: (lane, event) => this.#onLane(lane, event),
    });
    this.lanes = lanes;
    const closing = this.#abort.signal;
    const tellPlacement = (event: PlacementEvent) => this.#onPlacement(event);
    this.#placement = new Placement({ ...deps, transports, lanes, ledger, mayStart, closing, tell: tellPlacement });
    this.#settlement = new Settlement({
      ...deps,
      transports,
      lanes,
      ledger,
      limits: this.limits,
      placement: this.#placement,
      runOf: (delivery) => this.#runOf(delivery),
      runs: () => this.#runs.values(),
      tell: (event) => this.#onSettlement(event),
    });
    this.#feeder = new Feeder(deliveries, transports, lanes, this.#placement);
  }

  run = (id: string): CampaignRun | undefined => this.#runs.get(id);

  /** When the next deferred delivery of this campaign is due, or 0. */
  nextDue = (run: CampaignRun): number => this.#deps.deliveries.nextDue(run.key, this.clock.now());

  /** Takes in a campaign; it sends when its state allows. */
  add(run: CampaignRun): void {
    if (this.#runs.get(run.id) !== run) this.#runs.get(run.id)?.release();
    this.#runs.set(run.id, run);
    this.pump();
  }

  /** An ended campaign is removed. */
  remove = ({ id }: CampaignRun): boolean => this.#runs.delete(id);

  /** Does what can be done now. Cheap to call. */
  pump(): void {
    if (this.#abort.signal.aborted) return;
    if (this.#pumping) {
      this.#pumpAgain = true;
      return;
    }
    this.#pumping = true;
    setImmediate(async () => {
      do {
        this.#pumpAgain = false;
        await this.#feed().catch((error: unknown) => this.#trouble(error));
      } while (this.#pumpAgain && !this.#abort.signal.aborted);
      this.#pumping = false;
    });
  }

  /** Starts nothing new of this campaign; resolves when deliveries in progress have ended, or when it runs again. */
  async halt(run: CampaignRun): Promise<void> {
    this.#forget(run);
    for (const lane of this.lanes.all())
      while (run.state !== 'running' && lane.flights.of(run.id) > 0) await lane.flights.quiet();
    this.ledger.flush();
    if (run.finishedAt > 0) run.release();
  }

  /** A person has removed the obstacle: everything is retried. */
  revive(): void {
    // Outcomes that a full disk refused are still to be written: without another write nothing would write them.
    this.ledger.flush();
    this.transports.reopen();
    this.#afresh(this.lanes.all());
  }

  /** There are new passwords or tokens for these accounts: deliveries refused with the old ones are retried at once. */
  renewed(keys: ReadonlySet<string>): void {
    for (const key of keys) this.transports.reopen(key);
    this.#afresh([...this.lanes.all()].filter((lane) => keys.has(lane.transport.accountKey)));
  }

  /** A relay is tested right before a campaign. */
  preflight<T extends { end: AttemptEnd | null }>(server: string, settings: Settings, test: Promise<T>): Promise<T> {
    const transport = this.transports.get(server, settings);
    return notePreflight(test, { transport, clock: this.clock }, (end) => {
      if (end) this.#settlement.tested(transport, end);
      else if (this.transports.doubtful(transport.accountKey)) this.renewed(new Set([transport.accountKey]));
    });
  }

  /** Removes waiting deliveries that must not be mailed any more. */
  suppressed(): void {
    const { suppressions } = this.#deps;
    for (const lane of this.lanes.all())
      this.#returned(lane.remove((delivery) => suppressions.has(delivery.address, delivery.domain)));
  }

  cameBack = (...counts: Parameters<EffectHandler['cameBack']>) => this.#settlement.effects.cameBack(...counts);

  /** Stops everything; deliveries in progress may end for `graceMs`, then connections are cut. */
  async close(graceMs: number): Promise<void> {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(new Error('closed'));
    this.#alarm.end();
    for (const run of this.#runs.values()) this.#forget(run);
    const lanes = [...this.lanes.all()];
    for (const lane of lanes) lane.retire();
    const emptied = Promise.all(lanes.map((lane) => lane.crew.emptied()));
    const patience = new AbortController();
    await Promise.race([emptied, this.clock.sleep(graceMs, patience.signal).catch(() => {})]);
    patience.abort();
    for (const lane of lanes) lane.destroy();
    for (const lane of lanes) while (lane.flights.size > 0) await lane.flights.quiet();
    this.ledger.flush();
  }

  #onLane(lane: Lane, event: LaneEvent): void {
    switch (event.kind) {
      case 'ended':
        return void this.#ended(lane, event);
      case 'unreachable':
        this.#settlement.unreachable(lane, event.end, event.host, event.failures);
        this.#changed();
        return this.pump();
      case 'silent':
        this.#settlement.effects.silent(lane, event.carrying);
        this.#changed();
        return this.pump();
      case 'returned':
        return this.#returned(event.deliveries);
      case 'quotaFull':
        return this.#returned(
          lane.remove((delivery) => {
            const { whenQuotaReached } = this.#runOf(delivery).settings;
            // Also from the last transport: the first may have room again before it.
            return delivery.hop < delivery.route.length - 1 && whenQuotaReached === 'next';
          }),
        );
      case 'wantsWork':
        return this.pump();
      case 'changed':
        return this.#changed();
      default:
        return event satisfies never;
    }
  }

  async #ended(lane: Lane, { attempt, end }: Extract<LaneEvent, { kind: 'ended' }>): Promise<void> {
    try {
      lane.landed(attempt.delivery, end, await this.#settlement.ended(lane, attempt, end));
    } catch (error) {
      lane.landed(attempt.delivery);
      this.#trouble(error);
    }
  }

  #onPlacement(event: PlacementEvent): void {
    switch (event.kind) {
      case 'notLocated':
        return void this.#settlement.notLocated(event.run, event.delivery, event.transport, event.end);
      case 'parked':
        return this.#alarm.set(event.until);
      case 'stirred':
        return this.pump();
      case 'broken':
        return this.#broken(event.run, event.error);
      default:
        return event satisfies never;
    }
  }

  #onSettlement(event: SettlementEvent): void {
    switch (event.kind) {
      case 'returned':
        return this.#returned(event.deliveries);
      case 'stop':
        return this.#stop(event.run, event.attention);
      case 'changed':
        return this.#deps.onChange(event.run);
      case 'reconsider':
        return this.#reconsider(event.run, event.rows);
      default:
        return event satisfies never;
    }
  }

  #reconsider(run: CampaignRun, rows: readonly number[]): void {
    const { deliveries } = this.#deps;
    this.ledger.flush();
    run.count(deliveries.moveThese(run.key, ['rejected'], 'queued', rows), 'queued');
    run.rewind();
    this.pump();
  }

  #mayStart(delivery: Delivery): boolean {
    const run = this.#runs.get(delivery.campaign);
    if (run?.state !== 'running' || run.stopping || this.#abort.signal.aborted) return false;
    return hoursOpenAt(run.row.hours, this.clock.now()) === 0;
  }

  async #prepare(delivery: Delivery, transport: string): Promise<Prepared> {
    const run = this.#runOf(delivery);
    try {
      run.prepare ??= this.#deps.composer(run);
      delivery.datedAt ||= Math.max(this.clock.now(), run.startedAt);
      return await (await run.prepare)(delivery, transport);
    } catch (error) {
      run.drop(delivery);
      this.#broken(run, error);
      throw error;
    }
  }

  #returned(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const run = this.#runs.get(delivery.campaign);
      if (!run || run.held.get(delivery.id) !== delivery) continue;
      if (this.#mayStart(delivery)) void this.#placement.place(run, delivery);
      else run.drop(delivery);
    }
    if (deliveries.length > 0) this.pump();
  }

  #changed(): void {
    for (const run of this.#runs.values()) if (run.state === 'running') this.#deps.onChange(run);
  }

  #afresh(lanes: Iterable<Lane>): void {
    for (const lane of lanes) lane.revive();
    for (const run of this.#runs.values()) run.rewind();
    this.pump();
  }

  /** The campaign stops by itself; a person has to act first. */
  #stop(run: CampaignRun, attention: Attention): void {
    if (run.state !== 'running') return;
    this.campaigns.moveAnyway(run, { kind: 'stop', attention });
    this.#forget(run);
  }

  #broken(run: CampaignRun, error: unknown): void {
    if (this.#abort.signal.aborted) return;
    if (isDiskTrouble(error)) this.#trouble(error);
    else this.#stop(run, { kind: 'brokenCampaign', text: describeError(error) });
  }

  #runOf(delivery: Delivery): CampaignRun {
    const run = this.#runs.get(delivery.campaign);
    if (!run) throw new Error(`campaign ${delivery.campaign} is not running`);
    return run;
  }

  async #feed(): Promise<void> {
    if (this.#deps.idle) return;
    const now = this.clock.now();
    const runs = [...this.#runs.values()].filter((run) => run.state === 'running' || run.state === 'scheduled');
    runs.sort((a, b) => Number(b.row.kind === 'test') - Number(a.row.kind === 'test'));
    for (const run of runs) {
      const again = await this.#feedOne(run, now);
      if (again < Number.POSITIVE_INFINITY) this.#alarm.set(again);
    }
  }

  /** Returns when to check again, or Infinity. */
  async #feedOne(run: CampaignRun, now: number): Promise<number> {
    if (run.state === 'scheduled') {
      if (run.row.startAt > now) return run.row.startAt;
      this.campaigns.move(run, { kind: 'due' });
    }
    if (run.state !== 'running' || this.#abort.signal.aborted) return Number.POSITIVE_INFINITY;
    if (run.unsettled === 0 && run.held.size === 0) {
      this.campaigns.move(run, { kind: 'finish', now: this.clock.now(), inDoubt: run.counts.inDoubt });
      run.release();
      run.order = null;
      return Number.POSITIVE_INFINITY;
    }
    const opens = hoursOpenAt(run.row.hours, now);
    if (opens > 0) {
      run.shut = true;
      return opens;
    }
    if (run.shut) run.rewind();
    run.shut = false;
    this.#deps.onFeed?.(run);
    // A fault of one campaign does not affect the others.
    const next = this.#feeder.fill(run, now).catch((error: unknown) => this.#broken(run, error));
    return (await next) ?? Number.POSITIVE_INFINITY;
  }

  /** What is not in progress is dropped; on disk it is unchanged. */
  #forget(run: CampaignRun): void {
    run.halted.abort(new Error('stopped'));
    run.halted = new AbortController();
    const flying = new Set<Delivery>();
    for (const lane of this.lanes.all()) {
      lane.remove((delivery) => delivery.campaign === run.id);
      for (const delivery of lane.flights.deliveries) flying.add(delivery);
    }
    for (const delivery of run.held.values()) {
      if (flying.has(delivery)) continue;
      run.held.delete(delivery.id);
      this.transports.withdraw(delivery);
    }
    this.ledger.flush();
    run.rewind();
  }

  #moved(delivery: Delivery, move: Move): void {
    const run = this.#runs.get(delivery.campaign);
    if (!run) return;
    run.moved(delivery, move, this.clock.now());
    this.#deps.onChange(run);
    if (move.to === 'deferred') this.#alarm.set(move.nextAt);
    else if (move.to !== 'sending') this.pump();
  }

  #trouble(error: unknown): void {
    if (this.#abort.signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    this.#deps.log.error(`the store could not be written: ${text}`);
    for (const run of this.#runs.values()) this.#stop(run, { kind: 'diskFull', text });
  }
}
