import type { Attention } from '../../../shared/campaign.ts';
import type { Clock } from '../../../shared/clock.ts';
import { describeError } from '../../../shared/errors.ts';
import type { AttemptEnd, Verdict } from '../../../shared/outcome.ts';
import { opensAt } from '../policy/hours.ts';
import { isDiskTrouble } from '../store/database.ts';
import type { Item } from '../store/item.ts';
import { type Intent, Ledger, type Move } from '../store/ledger.ts';
import { Feeder } from './feeder.ts';
import type { Lane } from './lane.ts';
import type { Attempt, LaneOwner, Prepared } from './laneOwner.ts';
import { Lanes, quotaKeyOf } from './lanes.ts';
import { Placement, type PlacementOwner } from './placement.ts';
import type { Run } from './run.ts';
import type { RunnerParts } from './runnerParts.ts';
import { Settlement, type SettlementOwner } from './settlement.ts';
import { Transports } from './transports.ts';

export type { RunnerParts } from './runnerParts.ts';

/**
 * Keeps campaigns moving: feeder → placement → lane → settlement, and round again. It knows the campaigns, their states
 * and when to look again; who does what is in those files.
 *
 * Contract: a delivery is attempted by one lane at a time; it goes to its backup only when the end of the attempt before
 * is on disk. Pausing starts nothing new and lets what flies land. Memory is bounded by the window, whatever the list.
 */
export class Runner implements LaneOwner<Lane>, PlacementOwner, SettlementOwner {
  readonly clock: Clock;
  readonly transports: Transports;
  readonly ledger: Ledger;
  readonly lanes: Lanes;
  readonly #parts: RunnerParts;
  readonly #runs = new Map<string, Run>();
  readonly #placement: Placement;
  readonly #settlement: Settlement;
  readonly #feeder: Feeder;
  readonly #abort = new AbortController();
  #pumping = false;
  #pumpAgain = false;
  #alarm: { at: number; abort: AbortController } | null = null;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.clock = parts.clock;
    this.transports = new Transports(parts.createTransport);
    this.ledger = new Ledger(
      parts.database,
      (item, move) => this.#moved(item, move),
      (error) => this.#trouble(error),
    );
    this.lanes = new Lanes(this, (key) => (since, count) => parts.deliveries.commits(key, since, count));
    const { signal } = this.#abort;
    this.#placement = new Placement(parts, this.transports, this.lanes, this.ledger, this, signal);
    this.#settlement = new Settlement(parts, this.transports, this.lanes, this.ledger, this);
    this.#feeder = new Feeder(parts.deliveries, this.transports, this.lanes, this.#placement);
  }

  run(id: string): Run | undefined {
    return this.#runs.get(id);
  }

  runs(): Iterable<Run> {
    return this.#runs.values();
  }

  placement(): Placement {
    return this.#placement;
  }

  /** When a deferred delivery of this campaign comes due next, or 0. */
  nextDue(run: Run): number {
    return this.#parts.deliveries.nextDue(run.key, this.clock.now());
  }

  /** Takes a campaign in; it moves when its state says so. */
  add(run: Run): void {
    this.#runs.set(run.id, run);
    this.pump();
  }

  /** Sees what can be done now. Cheap to call. */
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

  hungry(): void {
    this.pump();
  }

  /** Nothing new of this campaign starts; resolves when what flew has landed, or when it runs again. */
  async halt(run: Run): Promise<void> {
    this.#forget(run);
    for (const lane of this.lanes.all())
      while (run.state !== 'running' && lane.flyingOf(run.id) > 0) await lane.quiet();
    this.ledger.flush();
  }

  /** A person has seen to what was in the way: everything is tried afresh. */
  revive(): void {
    this.transports.reopen();
    for (const lane of this.lanes.all()) lane.revive();
    for (const run of this.#runs.values()) run.rewind();
    this.pump();
  }

  /** There are new passwords or tokens for these accounts: what was refused to the old ones is tried at once. */
  renewed(keys: ReadonlySet<string>): void {
    for (const key of keys) this.transports.reopen(key);
    for (const lane of this.lanes.all()) if (keys.has(lane.transport.quotaKey)) lane.revive();
    for (const run of this.#runs.values()) run.rewind();
    this.pump();
  }

  /** Takes out what waits and must not be mailed any more. */
  suppressed(): void {
    const { suppressions } = this.#parts;
    for (const lane of this.lanes.all())
      this.returned(lane.remove((item) => suppressions.has(item.address, item.domain)));
  }

  /** Stops everything; what flies may land for `graceMs`, then connections are cut. */
  async close(graceMs: number): Promise<void> {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(new Error('closed'));
    this.#alarm?.abort.abort();
    for (const run of this.#runs.values()) this.#forget(run);
    const lanes = [...this.lanes.all()];
    for (const lane of lanes) lane.retire();
    const emptied = Promise.all(lanes.map((lane) => lane.emptied()));
    const patience = new AbortController();
    await Promise.race([emptied, this.clock.sleep(graceMs, patience.signal).catch(() => {})]);
    patience.abort();
    for (const lane of lanes) lane.destroy();
    for (const lane of lanes) while (lane.flying > 0) await lane.quiet();
    this.ledger.flush();
  }

  mayStart(item: Item): boolean {
    const run = this.#runs.get(item.campaign);
    if (run?.state !== 'running' || run.stopping || this.#abort.signal.aborted) return false;
    return opensAt(run.row.hours, this.clock.now()) === 0;
  }

  async prepare(item: Item): Promise<Prepared> {
    const run = this.runOf(item);
    try {
      run.prepare ??= this.#parts.composer(run);
      item.datedAt ||= Math.max(this.clock.now(), run.startedAt);
      return await (await run.prepare)(item);
    } catch (error) {
      run.drop(item);
      this.broken(run, error);
      throw error;
    }
  }

  async intend(lane: Lane, attempt: Attempt, messageId: string): Promise<Intent> {
    if (!this.mayStart(attempt.item)) throw new Error('the campaign was stopped');
    const { transport, destination } = lane;
    const { item, host, startedAt } = attempt;
    const quotaKey = quotaKeyOf(transport, destination);
    return this.ledger.intend(
      item,
      { transport: transport.name, quotaKey, host, startedAt, messageId },
      this.clock.now(),
    );
  }

  ended(lane: Lane, attempt: Attempt, end: AttemptEnd): Promise<Verdict> {
    return this.#settlement.ended(lane, attempt, end);
  }

  unreachable(lane: Lane, end: AttemptEnd, host: string, failures: number): void {
    this.#settlement.unreachable(lane, end, host, failures);
    this.changed();
    this.pump();
  }

  notLocated(...about: Parameters<Settlement['notLocated']>): Promise<void> {
    return this.#settlement.notLocated(...about);
  }

  probing(lane: Lane): boolean {
    return this.transports.doubtful(lane.transport.quotaKey);
  }

  returned(items: readonly Item[]): void {
    for (const item of items) {
      const run = this.#runs.get(item.campaign);
      if (!run || run.held.get(item.id) !== item) continue;
      if (this.mayStart(item)) void this.#placement.place(run, item);
      else run.drop(item);
    }
    if (items.length > 0) this.pump();
  }

  quotaFull(lane: Lane): boolean {
    const movable = lane.remove((item) => {
      const { whenQuotaReached } = this.runOf(item).settings;
      return item.hop === 0 && item.route.length > 1 && whenQuotaReached === 'next';
    });
    this.returned(movable);
    return movable.length > 0;
  }

  changed(): void {
    for (const run of this.#runs.values()) if (run.state === 'running') this.#parts.onChange(run);
  }

  /** The campaign stops by itself; a person has to do something first. */
  stop(run: Run, attention: Attention): void {
    if (run.state !== 'running') return;
    run.state = 'needsAction';
    run.attention = [attention];
    this.#forget(run);
    this.#parts.onChange(run);
    try {
      this.#parts.campaigns.setState(run.key, run.state, run.attention, 0);
    } catch (error) {
      this.#parts.log.error(`the state of the campaign could not be written: ${describeError(error)}`);
    }
  }

  broken(run: Run, error: unknown): void {
    if (this.#abort.signal.aborted) return;
    if (isDiskTrouble(error)) this.#trouble(error);
    else this.stop(run, { kind: 'brokenCampaign', text: describeError(error) });
  }

  runOf(item: Item): Run {
    const run = this.#runs.get(item.campaign);
    if (!run) throw new Error(`campaign ${item.campaign} is not running`);
    return run;
  }

  async #feed(): Promise<void> {
    if (this.#parts.idle) return;
    const now = this.clock.now();
    let wakeAt = Number.POSITIVE_INFINITY;
    const runs = [...this.#runs.values()].filter((run) => run.state === 'running' || run.state === 'scheduled');
    runs.sort((a, b) => Number(b.row.kind === 'test') - Number(a.row.kind === 'test'));
    for (const run of runs) {
      if (run.state === 'scheduled') {
        if (run.row.startAt > now) {
          wakeAt = Math.min(wakeAt, run.row.startAt);
          continue;
        }
        this.#parts.campaigns.setState(run.key, 'running', [], 0);
        run.state = 'running';
        this.#parts.onChange(run);
      }
      if (run.state !== 'running' || this.#abort.signal.aborted) continue;
      if (run.open === 0 && run.held.size === 0) {
        this.#finish(run);
        continue;
      }
      const opens = opensAt(run.row.hours, now);
      if (opens > 0) {
        run.shut = true;
        wakeAt = Math.min(wakeAt, opens);
        continue;
      }
      if (run.shut) run.rewind();
      run.shut = false;
      // What is wrong with one campaign is not wrong with the others.
      const next = this.#feeder.fill(run, now).catch((error: unknown) => this.broken(run, error));
      wakeAt = Math.min(wakeAt, (await next) ?? Number.POSITIVE_INFINITY);
    }
    if (wakeAt < Number.POSITIVE_INFINITY) this.#setAlarm(wakeAt);
  }

  /** What does not fly is forgotten; on disk it is as it was. */
  #forget(run: Run): void {
    run.halted.abort(new Error('stopped'));
    run.halted = new AbortController();
    const flying = new Set<Item>();
    for (const lane of this.lanes.all()) {
      lane.remove((item) => item.campaign === run.id);
      for (const item of lane.flyingItems) flying.add(item);
    }
    for (const item of run.held.values()) {
      if (flying.has(item)) continue;
      run.held.delete(item.id);
      this.transports.withdraw(item);
    }
    this.ledger.flush();
    run.rewind();
  }

  #moved(item: Item, move: Move): void {
    const run = this.#runs.get(item.campaign);
    if (!run) return;
    run.moved(item, move, this.clock.now());
    this.#parts.onChange(run);
    if (move.to === 'deferred') this.#setAlarm(move.nextAt);
    else if (move.to !== 'sending') this.pump();
  }

  #finish(run: Run): void {
    run.finishedAt = this.clock.now();
    run.attention = run.counts.inDoubt > 0 ? [{ kind: 'inDoubt', count: run.counts.inDoubt }] : [];
    this.#parts.campaigns.setState(run.key, 'done', run.attention, run.finishedAt);
    run.state = 'done';
    run.prepare = null;
    this.#parts.onChange(run);
  }

  #setAlarm(at: number): void {
    if (this.#abort.signal.aborted || (this.#alarm && this.#alarm.at <= at)) return;
    this.#alarm?.abort.abort();
    const alarm = { at, abort: new AbortController() };
    this.#alarm = alarm;
    this.clock.sleep(Math.max(0, at - this.clock.now()), alarm.abort.signal).then(
      () => {
        this.#alarm = null;
        this.pump();
      },
      () => {},
    );
  }

  #trouble(error: unknown): void {
    if (this.#abort.signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    this.#parts.log.error(`the store could not be written: ${text}`);
    for (const run of this.#runs.values()) {
      if (run.state === 'running') this.stop(run, { kind: 'diskFull', text });
    }
  }
}
