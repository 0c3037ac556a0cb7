import type { DatabaseSync } from 'node:sqlite';
import type { Attention, DeliveryState } from '../../shared/campaign.ts';
import type { Clock } from '../../shared/clock.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { AttemptEnd, Verdict } from '../../shared/outcome.ts';
import { DIRECT, type Settings } from '../../shared/settings.ts';
import type { Destination, Transport, Window } from '../../shared/transport.ts';
import type { CampaignStore } from './campaignStore.ts';
import { ConnectionGate } from './connectionGate.ts';
import { isDiskTrouble } from './database.ts';
import { decide } from './decide.ts';
import type { DeliveryStore } from './deliveryStore.ts';
import { opensAt } from './hours.ts';
import type { Item } from './item.ts';
import { type Attempt, Lane, type LaneOwner, type Prepared } from './lane.ts';
import { type Intent, Ledger } from './ledger.ts';
import { LimitBook, RollingWindow } from './limits.ts';
import type { Run } from './run.ts';
import { spread } from './schedule.ts';
import type { SuppressionStore } from './suppressionStore.ts';
import { type Closure, type CreateTransport, Transports } from './transports.ts';

export interface RunnerParts {
  clock: Clock;
  log: Log;
  database: DatabaseSync;
  campaigns: CampaignStore;
  deliveries: DeliveryStore;
  suppressions: SuppressionStore;
  createTransport: CreateTransport;
  judge: (end: AttemptEnd, where: { transport: 'relay' | 'direct'; host: string }) => Verdict;
  routeFor: (settings: Settings, domain: string, signal: AbortSignal) => readonly string[] | Promise<readonly string[]>;
  /** Compiles what is pinned into a function that makes messages; rejects with a UserError. */
  composer: (run: Run) => Promise<(item: Item) => Promise<Prepared>>;
  onChange: (run: Run) => void;
}

/** Deliveries of one campaign in memory at most. */
const WINDOW = 2000;
const CHUNK = 200;
const LANE_FULL = 200;
const LANE_LOW = 50;
const MAX_PARKED = 20_000;
/** Spans from here on are quotas, which may send mail elsewhere; shorter ones are rates, which make it wait. */
const QUOTA_FROM_MS = 60_000;
const OFFLINE_MS = 30_000;
const BLOCKED_AFTER = 3;

/**
 * Takes deliveries from the store and brings them to their lanes, and what became of them back into the store.
 *
 * Contract: a delivery is attempted by one lane at a time; it goes to its backup only when the end of the attempt before
 * is on disk. Pausing starts nothing new and lets what flies land. Memory is bounded by the window, whatever the list.
 */
export class Runner implements LaneOwner {
  readonly clock: Clock;
  readonly gate: ConnectionGate;
  readonly transports: Transports;
  readonly ledger: Ledger;
  readonly #parts: RunnerParts;
  readonly #runs = new Map<string, Run>();
  readonly #lanes = new Map<string, Lane>();
  readonly #abort = new AbortController();
  /** Destinations that could not even be reached since direct delivery last worked. */
  readonly #unreached = new Set<string>();
  #pumping = false;
  #pumpAgain = false;
  #alarm: { at: number; abort: AbortController } | null = null;

  constructor(parts: RunnerParts, maxConnections: number) {
    this.#parts = parts;
    this.clock = parts.clock;
    this.gate = new ConnectionGate(maxConnections, Math.max(32, maxConnections * 4));
    this.transports = new Transports(parts.createTransport);
    this.ledger = new Ledger(
      parts.database,
      (campaign, from, to, item) => this.#moved(campaign, from, to, item),
      (error) => this.#trouble(error),
    );
  }

  get lanes(): Iterable<Lane> {
    return this.#lanes.values();
  }

  run(id: string): Run | undefined {
    return this.#runs.get(id);
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
    if (this.#pumping) {
      this.#pumpAgain = true;
      return;
    }
    this.#pumping = true;
    setImmediate(async () => {
      do {
        this.#pumpAgain = false;
        await this.#feed();
      } while (this.#pumpAgain && !this.#abort.signal.aborted);
      this.#pumping = false;
    });
  }

  /** Nothing new of this campaign starts; resolves when what flew has landed. */
  async halt(run: Run): Promise<void> {
    for (const lane of this.#lanes.values()) {
      for (const item of lane.remove((waiting) => waiting.campaign === run.id)) run.held.delete(item.id);
    }
    run.rewind();
    for (const lane of this.#lanes.values()) while (lane.flyingOf(run.id) > 0) await lane.quiet();
  }

  /** Stops everything; what flies may land for `graceMs`, then connections are cut. */
  async close(graceMs: number): Promise<void> {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(new Error('closed'));
    this.#alarm?.abort.abort();
    for (const lane of this.#lanes.values()) lane.remove(() => true);
    const landed = this.#allLanded();
    const patience = new AbortController();
    await Promise.race([landed, this.clock.sleep(graceMs, patience.signal).catch(() => {})]);
    patience.abort();
    for (const lane of this.#lanes.values()) lane.destroy();
    await this.#allLanded();
    this.ledger.flush();
  }

  async #allLanded(): Promise<void> {
    for (const lane of this.#lanes.values()) while (lane.flying > 0) await lane.quiet();
  }

  mayStart(item: Item): boolean {
    const run = this.#runs.get(item.campaign);
    return run?.state === 'running' && !this.#abort.signal.aborted && opensAt(run.row.hours, this.clock.now()) === 0;
  }

  async prepare(item: Item): Promise<Prepared> {
    const run = this.#runOf(item);
    try {
      run.prepare ??= await this.#parts.composer(run);
      return await run.prepare(item);
    } catch (error) {
      run.held.delete(item.id);
      this.stop(run, { kind: 'brokenCampaign', text: describeError(error) });
      throw error;
    }
  }

  async intend(lane: Lane, attempt: Attempt, messageId: string): Promise<Intent> {
    if (!this.mayStart(attempt.item)) throw new Error('the campaign was stopped');
    const { transport } = lane;
    const { item, host, startedAt } = attempt;
    const entry = {
      transport: transport.name,
      quotaKey: quotaKeyOf(transport, lane.destination),
      host,
      startedAt,
      messageId,
    };
    return this.ledger.intend(item, entry, this.clock.now());
  }

  async ended(lane: Lane, attempt: Attempt, end: AttemptEnd): Promise<Verdict> {
    const verdict = this.#judge(lane.transport, end, attempt.host);
    const run = this.#runOf(attempt.item);
    if (end.kind === 'fault' && (end.code === 'gateFailed' || end.code === 'aborted') && end.stage !== 'dot') {
      // We stopped it ourselves before its last byte: it never happened.
      if (attempt.intent) await this.#settle(run, lane, attempt, end, verdict, true);
      else this.returned([attempt.item]);
      return verdict;
    }
    if (verdict.outcome.kind === 'delivered') {
      this.transports.reopen(lane.transport.quotaKey);
      if (lane.transport.name === DIRECT) this.#unreached.clear();
    }
    await this.#settle(run, lane, attempt, end, verdict, false);
    this.#effect(run, lane, verdict, end);
    return verdict;
  }

  unreachable(lane: Lane, end: AttemptEnd, host: string): void {
    const { transport } = lane;
    const offline = end.kind === 'fault' && end.code === 'dnsOffline';
    const verdict = this.#judge(transport, end, host);
    const now = this.clock.now();
    const { effect } = verdict;
    if (offline) {
      this.#close(transport, now, OFFLINE_MS, verdict, end, true);
    } else if (effect.kind === 'closeTransport') {
      this.#close(transport, now, effect.forMs, verdict, end, false, effect.needsAction);
      if (effect.needsAction) this.#needPerson(lane, verdict, end);
    } else if (effect.kind === 'restDestination') {
      lane.rest(now + effect.forMs, effect.maxConnections);
    } else if (transport.name === DIRECT) {
      this.#unreached.add(lane.destination.label);
      if (isBlocked(end) && this.#unreached.size >= BLOCKED_AFTER)
        this.#close(transport, now, null, verdict, end, false);
    } else {
      this.#close(transport, now, null, verdict, end, false);
    }
    for (const item of lane.remove(() => true))
      void this.#failed(this.#runOf(item), lane, item, end, host, verdict, offline);
    this.changed();
  }

  returned(items: readonly Item[]): void {
    for (const item of items) {
      const run = this.#runs.get(item.campaign);
      if (!run) continue;
      if (run.state === 'running' && !this.#abort.signal.aborted) void this.#place(run, item);
      else run.held.delete(item.id);
    }
  }

  quotaFull(lane: Lane, window: Window | null, _until: number): boolean {
    if (!window || window.perMs < QUOTA_FROM_MS) return false;
    const movable = lane.remove((item) => this.#hasBackup(item));
    for (const item of movable) {
      item.hop++;
      void this.#place(this.#runOf(item), item);
    }
    return movable.length > 0;
  }

  changed(): void {
    for (const run of this.#runs.values()) this.#parts.onChange(run);
  }

  /** The campaign stops by itself; a person has to do something first. */
  stop(run: Run, attention: Attention): void {
    if (run.state !== 'running') return;
    run.state = 'needsAction';
    run.attention = [attention];
    this.#parts.campaigns.setState(run.key, run.state, run.attention, 0);
    void this.halt(run);
    this.#parts.onChange(run);
  }

  async #feed(): Promise<void> {
    const now = this.clock.now();
    let wakeAt = 0;
    const wake = (at: number) => {
      if (at > 0 && (wakeAt === 0 || at < wakeAt)) wakeAt = at;
    };
    const runs = [...this.#runs.values()].sort((a, b) => Number(b.row.kind === 'test') - Number(a.row.kind === 'test'));
    for (const run of runs) {
      if (run.state === 'scheduled') {
        if (run.row.startAt > now) {
          wake(run.row.startAt);
          continue;
        }
        run.state = 'running';
        this.#parts.campaigns.setState(run.key, 'running', [], 0);
        this.#parts.onChange(run);
      }
      if (run.state !== 'running') continue;
      if (run.open === 0 && run.held.size === 0) {
        this.#finish(run);
        continue;
      }
      const opens = opensAt(run.row.hours, now);
      wake(opens);
      if (opens > 0) continue;
      this.#fill(run, now);
      wake(this.#parts.deliveries.nextDue(run.key, now));
    }
    this.#setAlarm(wakeAt);
  }

  #fill(run: Run, now: number): void {
    const { deliveries } = this.#parts;
    const room = () => run.held.size < WINDOW && !this.#crowded(run);
    if (room()) {
      for (const item of deliveries.due(run.key, run.id, now, CHUNK)) {
        if (!run.held.has(item.id)) void this.#take(run, item);
      }
    }
    while (room() && !run.listDone && run.parked.size < MAX_PARKED) {
      const rows = deliveries.window(run.key, run.id, run.position, CHUNK);
      if (rows.length === 0) run.listDone = true;
      for (const { item, position } of rows) {
        run.position = position;
        if (!run.held.has(item.id) && !run.parked.has(item.domain)) void this.#take(run, item, position);
      }
    }
    for (const [domain, position] of run.parked) {
      if (run.held.size >= WINDOW) break;
      const lane = this.#laneOfDomain.get(domain);
      if (lane && lane.waiting > LANE_LOW) continue;
      const rows = deliveries.backlog(run.key, run.id, domain, position, LANE_LOW);
      run.parked.delete(domain);
      if (rows.length > 0) run.parked.set(domain, rows.at(-1)?.position ?? position);
      for (const row of rows) if (!run.held.has(row.item.id)) void this.#take(run, row.item);
    }
  }

  /** Where a domain's mail went last: tells whether its backlog may move. */
  readonly #laneOfDomain = new Map<string, Lane>();

  /** A campaign that can only go one way reads no further than that way takes. */
  #crowded(run: Run): boolean {
    const first = new Set([
      run.settings.route[0],
      ...Object.values(run.settings.domainRoutes).map((route) => route[0]),
    ]);
    if (first.size !== 1 || first.has(DIRECT)) return false;
    return run.held.size >= LANE_FULL * 2;
  }

  #take(run: Run, item: Item, position?: number): Promise<void> {
    run.held.set(item.id, item);
    return this.#place(run, item, position);
  }

  /** Brings a held delivery to its lane, or settles it where that cannot be. */
  async #place(run: Run, item: Item, position?: number): Promise<void> {
    const { signal } = this.#abort;
    try {
      if (this.#parts.suppressions.has(item.address, item.domain)) {
        await this.ledger.place(item, 'suppressed', 0, item.hop);
        return;
      }
      const route = await this.#parts.routeFor(run.settings, item.domain, signal);
      item.route = route;
      item.hop = Math.min(item.hop, route.length - 1);
      for (;;) {
        const now = this.clock.now();
        const name = route[item.hop] ?? DIRECT;
        const transport = this.transports.get(name, run.settings);
        const closed = this.transports.closure(transport.quotaKey, now);
        if (closed) {
          if (!closed.offline && item.hop === 0 && route.length > 1) {
            item.hop = 1;
            continue;
          }
          await this.#wait(run, item, closed);
          return;
        }
        const located = await transport.locate(item.domain, signal);
        if (!this.mayStart(item)) {
          run.held.delete(item.id);
          return;
        }
        if (located.kind === 'ended') {
          await this.#notLocated(run, item, transport, located.end);
          return;
        }
        const lane = this.#lane(transport, located.destination);
        if (
          lane.limitedUntil(now) > 0 &&
          run.settings.whenQuotaReached === 'next' &&
          item.hop === 0 &&
          route.length > 1
        ) {
          item.hop++;
          continue;
        }
        this.#laneOfDomain.set(item.domain, lane);
        if (position !== undefined && lane.waiting >= LANE_FULL && !this.#crowded(run)) {
          run.held.delete(item.id);
          if (!run.parked.has(item.domain)) run.parked.set(item.domain, position - 1e-13);
          return;
        }
        lane.push(item, run.row.kind === 'test');
        return;
      }
    } catch (error) {
      run.held.delete(item.id);
      if (!isDiskTrouble(error) && !signal.aborted) throw error;
    }
  }

  async #wait(run: Run, item: Item, closed: Closure): Promise<void> {
    const at = closed.until + Math.round(spread(item.id, item.tries) * 10_000);
    const expired = this.clock.now() >= run.startedAt + run.settings.retry.forMs && !closed.offline;
    await this.ledger.place(item, expired ? 'expired' : 'deferred', expired ? 0 : at, item.hop);
  }

  async #notLocated(run: Run, item: Item, transport: Transport, end: AttemptEnd): Promise<void> {
    const verdict = this.#judge(transport, end, '');
    const offline = end.kind === 'fault' && end.code === 'dnsOffline';
    if (offline) this.#close(transport, this.clock.now(), OFFLINE_MS, verdict, end, true);
    await this.#failed(run, null, item, end, '', verdict, offline, transport);
  }

  /** A delivery whose attempt ended before there was a connection. */
  async #failed(
    run: Run,
    lane: Lane | null,
    item: Item,
    end: AttemptEnd,
    host: string,
    verdict: Verdict,
    offline: boolean,
    transport: Transport | undefined = lane?.transport,
  ): Promise<void> {
    const attempt: Attempt = { item, host, startedAt: this.clock.now(), intent: null };
    await this.#settle(run, lane, attempt, end, verdict, offline, transport);
  }

  async #settle(
    run: Run,
    lane: Lane | null,
    attempt: Attempt,
    end: AttemptEnd,
    verdict: Verdict,
    free: boolean,
    transport: Transport | undefined = lane?.transport,
  ): Promise<void> {
    if (!transport) return;
    const { item } = attempt;
    const now = this.clock.now();
    const closed = this.transports.closure(transport.quotaKey, now);
    const standing = {
      id: item.id,
      tries: item.tries,
      hop: item.hop,
      hops: item.route.length,
      now,
      startedAt: run.startedAt,
      forMs: run.settings.retry.forMs,
      notBefore: Math.max(closed?.until ?? 0, lane?.restingUntil(now) ?? 0),
    };
    const outcome = free
      ? ({ kind: 'later', free: true, afterMs: free && !closed ? 0 : OFFLINE_MS } as const)
      : verdict.outcome;
    const decision = decide(standing, outcome);
    const record = {
      transport: transport.name,
      quotaKey: lane ? quotaKeyOf(transport, lane.destination) : transport.quotaKey,
      host: attempt.host,
      startedAt: attempt.startedAt,
      end,
      cause: verdict.cause,
    };
    try {
      await this.ledger.settle({ item, ...decision, attempt: record }, attempt.intent, now);
    } catch {
      // The ledger has reported it. On disk the delivery is as it was before; after a restart that is the truth.
      run.held.delete(item.id);
      return;
    }
    if (verdict.outcome.kind === 'rejected' && verdict.outcome.suppress) {
      this.#parts.suppressions.add([
        { entry: item.address.toLowerCase(), reason: 'bounced', note: wordsFor(end), at: now },
      ]);
    }
    if (decision.state === 'queued') {
      run.held.set(item.id, item);
      await this.#place(run, item);
    }
  }

  #effect(run: Run, lane: Lane, verdict: Verdict, end: AttemptEnd): void {
    const { effect } = verdict;
    const now = this.clock.now();
    switch (effect.kind) {
      case 'none':
        return;
      case 'restDestination':
        lane.rest(now + effect.forMs, effect.maxConnections);
        break;
      case 'closeTransport': {
        this.#close(lane.transport, now, effect.forMs, verdict, end, false, effect.needsAction);
        for (const item of lane.remove(() => true)) void this.#place(this.#runOf(item), item);
        if (effect.needsAction) this.#needPerson(lane, verdict, end);
        break;
      }
      case 'pauseCampaign':
        this.stop(run, { kind: 'refused', scope: verdict.scope, cause: verdict.cause, text: wordsFor(end) });
        break;
      default:
        effect satisfies never;
    }
    this.#parts.onChange(run);
  }

  /** Campaigns that have no other way than this transport stop until somebody has seen to it. */
  #needPerson(lane: Lane, verdict: Verdict, end: AttemptEnd): void {
    const { name, quotaKey } = lane.transport;
    for (const run of this.#runs.values()) {
      if (run.state !== 'running' || this.transports.get(name, run.settings).quotaKey !== quotaKey) continue;
      if (run.settings.route.some((other) => other !== name)) continue;
      this.stop(run, { kind: 'transportClosed', transport: name, cause: verdict.cause, text: wordsFor(end), until: 0 });
    }
  }

  #close(
    transport: Transport,
    now: number,
    forMs: number | null,
    verdict: Verdict,
    end: AttemptEnd,
    offline: boolean,
    needsAction = false,
  ): void {
    const closure = { cause: verdict.cause, text: wordsFor(end), offline, needsAction };
    const { until } = this.transports.close(transport.quotaKey, now, forMs, closure);
    this.#parts.log.warn(`${transport.name} is closed until ${new Date(until).toISOString()}: ${closure.text}`);
  }

  #judge(transport: Transport, end: AttemptEnd, host: string): Verdict {
    return this.#parts.judge(end, { transport: transport.name === DIRECT ? 'direct' : 'relay', host });
  }

  #hasBackup(item: Item): boolean {
    return item.hop === 0 && item.route.length > 1 && this.#runOf(item).settings.whenQuotaReached === 'next';
  }

  #lane(transport: Transport, destination: Destination): Lane {
    const key = `${transport.quotaKey} ${destination.key}`;
    let lane = this.#lanes.get(key);
    if (lane && lane.transport === transport) return lane;
    const quotaKey = quotaKeyOf(transport, destination);
    const now = this.clock.now();
    const windows = destination.limits.windows.map(
      (window) => new RollingWindow(window, this.#parts.deliveries.commits(quotaKey, now - window.perMs, window.count)),
    );
    const waiting = lane?.remove(() => true) ?? [];
    const book = lane?.limits ?? new LimitBook(windows, destination.limits.pause);
    lane = new Lane(key, transport, destination, book, this);
    this.#lanes.set(key, lane);
    for (const item of waiting) lane.push(item);
    if (this.#lanes.size > 4096) this.#sweep();
    return lane;
  }

  /** Lanes nobody needs any more. */
  #sweep(): void {
    for (const [key, lane] of this.#lanes) if (lane.abandoned) this.#lanes.delete(key);
    this.#laneOfDomain.clear();
  }

  #moved(campaign: string, from: DeliveryState, to: DeliveryState, item: Item): void {
    const run = this.#runs.get(campaign);
    if (!run) return;
    run.moved(from, to, item.route[item.hop] ?? '', this.clock.now());
    if (to !== 'sending' && to !== 'queued') run.held.delete(item.id);
    this.#parts.onChange(run);
    if (run.held.size < WINDOW / 2 || run.open === 0) this.pump();
  }

  #finish(run: Run): void {
    run.state = 'done';
    run.finishedAt = this.clock.now();
    run.attention = run.counts.inDoubt > 0 ? [{ kind: 'inDoubt', count: run.counts.inDoubt }] : [];
    this.#parts.campaigns.setState(run.key, 'done', run.attention, run.finishedAt);
    this.#parts.onChange(run);
  }

  #setAlarm(at: number): void {
    if (at === 0 || (this.#alarm && this.#alarm.at <= at)) return;
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
    const text = error instanceof Error ? error.message : String(error);
    this.#parts.log.error(`the store could not be written: ${text}`);
    for (const run of this.#runs.values()) {
      if (run.state !== 'running') continue;
      run.state = 'needsAction';
      run.attention = [{ kind: 'diskFull', text }];
      void this.halt(run);
      this.#parts.onChange(run);
    }
  }

  #runOf(item: Item): Run {
    const run = this.#runs.get(item.campaign);
    if (!run) throw new Error(`campaign ${item.campaign} is not running`);
    return run;
  }
}

/** Quotas belong to the account of a relay, and for direct to each destination. */
export function quotaKeyOf(transport: Transport, destination: Destination): string {
  return transport.name === DIRECT ? `${transport.quotaKey} ${destination.key}` : transport.quotaKey;
}

function isBlocked(end: AttemptEnd): boolean {
  return end.kind === 'fault' && end.stage === 'connect' && ['timeout', 'refused', 'unreachable'].includes(end.code);
}

function wordsFor(end: AttemptEnd): string {
  return end.kind === 'reply'
    ? `${end.reply.code} ${end.reply.enhanced} ${end.reply.text}`.replace(/\s+/g, ' ')
    : end.detail;
}
