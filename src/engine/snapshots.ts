import {
  type Attention,
  type CampaignSnapshot,
  countIn,
  isOver,
  resendable,
  type SetAside,
  type TransportSnapshot,
} from '../shared/campaign.ts';
import type { Clock } from '../shared/clock.ts';
import { MAX_SET_ASIDE } from '../shared/setAside.ts';
import { DIRECT, type Settings, transportNames } from '../shared/settings.ts';
import type { Window } from '../shared/transport.ts';
import type { Account } from './queue/limits/limits.ts';
import { hoursOpenAt } from './queue/policy/hours.ts';
import type { CampaignRun } from './queue/run/campaignRun.ts';
import type { Runner } from './queue/run/runner.ts';
import type { Closure } from './queue/run/transports.ts';
import type { DeliveryStore } from './queue/store/deliveryStore.ts';

const EVERY_MS = 250;
const HOUR_MS = 3_600_000;

export interface SnapshotDeps {
  clock: Clock;
  runner: Runner;
  deliveries: DeliveryStore;
  /** When a campaign will be done, epoch ms, or 0; absent without forecasts. */
  etaOf?(run: CampaignRun): number;
}

/** Snapshots of the campaigns for clients that watch, at most four a second each. */
export class Snapshots {
  readonly runs: CampaignRun[] = [];
  readonly #deps: SnapshotDeps;
  readonly #clock: Clock;
  readonly #runner: Runner;
  readonly #deliveries: DeliveryStore;
  readonly #listeners = new Set<(snapshot: CampaignSnapshot) => void>();
  readonly #due = new Set<CampaignRun>();
  readonly #abort = new AbortController();
  #waiting = false;

  constructor(deps: SnapshotDeps) {
    this.#deps = deps;
    this.#clock = deps.clock;
    this.#runner = deps.runner;
    this.#deliveries = deps.deliveries;
  }

  add(run: CampaignRun): void {
    this.runs.push(run);
    this.changed(run);
  }

  remove(run: CampaignRun): void {
    this.#due.delete(run);
    this.runs.splice(this.runs.indexOf(run), 1);
  }

  changed(run: CampaignRun): void {
    this.#due.add(run);
    if (this.#waiting || this.#abort.signal.aborted) return;
    this.#waiting = true;
    this.#clock.sleep(EVERY_MS, this.#abort.signal).then(
      () => {
        this.#waiting = false;
        this.#tell();
      },
      () => {},
    );
  }

  onChange(listener: (snapshot: CampaignSnapshot) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#tell();
    this.#abort.abort(new Error('closed'));
  }

  async of(run: CampaignRun): Promise<CampaignSnapshot> {
    return this.#picture(run, this.#known(run) ?? (await this.#count(run)));
  }

  /** `gone`: refused ones who must not be mailed again, null where that is unknown. */
  #picture(run: CampaignRun, gone: number | null): CampaignSnapshot {
    const now = this.#clock.now();
    const names = transportNames(run.settings);
    const transports = names.map((name) => this.#transport(run, name, now));
    const snapshot = run.snapshot(
      now,
      [...run.attention, ...this.#waits(run, transports, now)],
      transports,
      this.#deps.etaOf?.(run) ?? 0,
    );
    const whole = { ...snapshot, setAside: this.#setAside(run) };
    return isOver(run) && gone !== null ? { ...whole, resendable: countIn(run.counts, resendable) - gone } : whole;
  }

  #setAside(run: CampaignRun): readonly SetAside[] {
    const few = run.odd.size > 0 && run.odd.size <= MAX_SET_ASIDE && run.counts.sent > 0;
    return few ? this.#deliveries.setAside(run.key, run.odd) : [];
  }

  /** Of interest only once a campaign has ended. */
  #known(run: CampaignRun): number | null {
    return !isOver(run) || run.counts.rejected === 0 ? 0 : this.#deliveries.gone.known(run.key);
  }

  #count(run: CampaignRun): Promise<number> {
    return this.#deliveries.gone.count(run.key, this.#abort.signal);
  }

  #closure(run: CampaignRun, name: string, now: number): Closure | null {
    if (!isKnown(run.settings, name)) return null;
    return this.#runner.transports.closure(this.#runner.transports.get(name, run.settings).accountKey, now);
  }

  #tell(): void {
    const runs = [...this.#due];
    this.#due.clear();
    for (const run of runs) {
      const gone = this.#known(run);
      if (gone !== null || this.#abort.signal.aborted) this.#notify(run, gone);
      else
        this.#count(run).then(
          (count) => this.#notify(run, count),
          () => this.#notify(run, null),
        );
    }
  }

  #notify(run: CampaignRun, gone: number | null): void {
    if (!this.runs.includes(run)) return;
    const snapshot = this.#picture(run, gone);
    for (const listener of this.#listeners) listener(snapshot);
  }

  #transport(run: CampaignRun, name: string, now: number): TransportSnapshot {
    const server = run.settings.servers[name];
    const tally = run.tallies.get(name) ?? { sent: 0, deferred: 0, rejected: 0 };
    if (!isKnown(run.settings, name))
      return {
        ...{ name, host: '', state: 'closed', until: 0, connections: 0, ...tally },
        ...{ quota: [], lastError: '', learned: null },
      };
    const transport = this.#runner.transports.get(name, run.settings);
    const own = [...this.#runner.lanes.of(transport)];
    const closure = this.#closure(run, name, now);
    const relay = name === DIRECT ? undefined : own[0];
    const limited = relay?.hold.limited(now) ?? 0;
    const resting = relay?.hold.resting(now) ?? 0;
    return {
      name,
      host: server ? `${server.host}:${server.port}` : '',
      state: closure ? 'closed' : limited > 0 ? 'limited' : resting > 0 ? 'resting' : 'ready',
      until: closure?.until ?? (limited || resting),
      connections: own.reduce((sum, lane) => sum + lane.connections, 0),
      ...tally,
      quota: relay ? quotaUse(relay.account, relay.destination.limits.windows, now) : [],
      lastError: closure?.text ?? own.find((lane) => lane.lastError)?.lastError ?? '',
      learned: this.#runner.limits.of(transport.accountKey),
    };
  }

  /** Why nothing is being sent although it runs. */
  #waits(run: CampaignRun, transports: readonly TransportSnapshot[], now: number): Attention[] {
    if (run.state === 'scheduled') return [{ kind: 'scheduled', until: run.row.startAt }];
    if (run.state !== 'running') return [];
    const opens = hoursOpenAt(run.row.hours, now);
    if (opens > 0) return [{ kind: 'outsideHours', until: opens }];
    const waits: Attention[] = [];
    for (const transport of transports) {
      const closure = this.#closure(run, transport.name, now);
      if (closure?.offline) waits.push({ kind: 'offline', until: closure.until });
      else if (closure) {
        const { cause, text, until } = closure;
        waits.push({ kind: 'transportClosed', transport: transport.name, cause, text, until });
      } else if (transport.state === 'limited')
        waits.push({ kind: 'quota', transport: transport.name, until: transport.until });
    }
    if (waits.length === 0 && run.counts.queued + run.counts.sending === 0 && run.counts.deferred > 0) {
      const until = this.#runner.nextDue(run);
      if (until > now) waits.push({ kind: 'retry', until });
    }
    return waits;
  }
}

function quotaUse(account: Account, windows: readonly Window[], now: number): TransportSnapshot['quota'] {
  return windows
    .filter((window) => window.perMs >= HOUR_MS)
    .map((window) => {
      const rolling = account.window(window, now);
      return { ...window, used: rolling.used(now), freeAt: rolling.freeAt(now) };
    });
}

function isKnown(settings: Settings, name: string): boolean {
  return name === DIRECT || settings.servers[name] !== undefined;
}

/** Which campaigns are in progress, for the log. */
export function inWordsForLog(runs: readonly CampaignRun[]): string {
  const one = ({ id, counts }: CampaignRun) => `${id} (${counts.sending} on their way, ${counts.sent} sent)`;
  return (
    runs
      .filter(({ state }) => state === 'running')
      .map(one)
      .join(', ') || 'nothing'
  );
}
