import type { Clock } from '../shared/clock.ts';
import type { ListShares } from '../shared/foresight.ts';
import { DIRECT, transportNames } from '../shared/settings.ts';
import type { EngineDeps } from './engineDeps.ts';
import { Forecaster, type RemainingWork } from './forecaster.ts';
import type { CampaignRun } from './queue/run/campaignRun.ts';
import type { Runner } from './queue/run/runner.ts';
import type { DeliveryStore } from './queue/store/deliveryStore.ts';
import { Snapshots } from './snapshots.ts';

/** A forecast is renewed after a twentieth of the time it gives, within these limits. */
const SOONEST_MS = 5_000;
const LATEST_MS = 5 * 60_000;
/** A transport that closes, or works again, renews it sooner. */
const CHANGED_MS = 1_000;
/** Forecasting takes at most this share of the time. */
const SHARE = 20;
const LARGEST_DOMAINS = 50;

interface Eta {
  endAt: number;
  /** When the last forecast was made. */
  at: number;
  /** Not renewed before. */
  nextAt: number;
  looking: boolean;
  /** Which transports were closed; when that changes, the forecast is no longer valid. */
  closed: string;
  /** By domain, as they were when it began; the sending order keeps their shares. */
  domains: Map<string, number> | null;
}

export interface EtaDeps {
  clock: Clock;
  runner: Runner;
  deliveries: DeliveryStore;
  forecaster: Pick<Forecaster, 'rest' | 'closing'>;
  changed(run: CampaignRun): void;
}

/**
 * When each running campaign will be done, as the simulator predicts from what is left of it: computed when it starts and
 * periodically while a client watches, in slices of the event loop. Nothing waits for it.
 */
export class Etas {
  readonly #deps: EtaDeps;
  readonly #etas = new WeakMap<CampaignRun, Eta>();

  constructor(deps: EtaDeps) {
    this.#deps = deps;
  }

  /** Epoch ms; 0 while it is unknown, or where a person has to act first. */
  of(run: CampaignRun): number {
    if (run.state !== 'running' || run.unsettled === 0) {
      this.#etas.delete(run);
      return 0;
    }
    const now = this.#deps.clock.now();
    const eta = this.#etas.get(run) ?? { endAt: 0, at: 0, nextAt: 0, looking: false, closed: '', domains: null };
    this.#etas.set(run, eta);
    const closed = this.#closed(run, now);
    const due = eta.closed === keysOf(closed) ? eta.nextAt : Math.min(eta.nextAt, eta.at + CHANGED_MS);
    if (now >= due && !eta.looking && !this.#deps.forecaster.closing.aborted) void this.#look(run, eta, closed);
    return eta.endAt > now ? eta.endAt : 0;
  }

  async #look(run: CampaignRun, eta: Eta, closed: RemainingWork['closed']): Promise<void> {
    const { clock, forecaster, changed } = this.#deps;
    const begun = clock.now();
    eta.looking = true;
    eta.closed = keysOf(closed);
    try {
      // What is sent during the computation counts neither as waiting nor as sent.
      const { queued, deferred } = run.counts;
      const list = await this.#list(run, eta, queued + deferred);
      const settings = { ...run.settings, sendingHours: run.row.hours };
      eta.endAt = await forecaster.rest(settings, { list, deferred: this.#deferred(run, begun), closed, at: begun });
      if (run.state === 'running') changed(run);
    } catch {
      // The engine is closing, or the store does not answer: then the time is unknown.
      eta.endAt = 0;
    } finally {
      eta.looking = false;
      const now = clock.now();
      eta.at = now;
      const rest = Math.min(LATEST_MS, Math.max(SOONEST_MS, (eta.endAt - now) / SHARE));
      eta.nextAt = now + Math.max(rest, SHARE * (now - begun));
    }
  }

  /** Deliveries not started. Their domains matter only for direct delivery or routes by domain. */
  async #list(run: CampaignRun, eta: Eta, total: number): Promise<ListShares> {
    const { settings, key } = run;
    const byDomain = transportNames(settings).includes(DIRECT) || Object.keys(settings.domainRoutes).length > 0;
    if (!byDomain) return { total, domains: {}, others: 1 };
    eta.domains ??= await this.#deps.deliveries.waitingDomains(key, this.#deps.forecaster.closing);
    const sum = [...eta.domains.values()].reduce((all, count) => all + count, 0);
    if (sum === 0) return { total, domains: {}, others: 1 };
    const largest = [...eta.domains].sort(([, a], [, b]) => b - a).slice(0, LARGEST_DOMAINS);
    const share = (count: number) => Math.round((count * total) / sum);
    return {
      total,
      domains: Object.fromEntries(largest.map(([domain, count]) => [domain, share(count)])),
      others: Math.max(1, share(eta.domains.size - largest.length)),
    };
  }

  #deferred(run: CampaignRun, now: number): RemainingWork['deferred'] {
    const count = run.counts.deferred;
    const { runner, deliveries } = this.#deps;
    const fromAt = Math.max(now, runner.nextDue(run));
    return count === 0 ? null : { count, fromAt, toAt: Math.max(fromAt, deliveries.lastDue(run.key)) };
  }

  #closed({ settings }: CampaignRun, now: number): RemainingWork['closed'] {
    const { transports } = this.#deps.runner;
    return new Map(
      transportNames(settings)
        .filter((name) => name === DIRECT || settings.servers[name] !== undefined)
        .flatMap((name): [string, number][] => {
          const closure = transports.closure(transports.get(name, settings).accountKey, now);
          return closure ? [[name, closure.until]] : [];
        }),
    );
  }
}

function keysOf(closed: RemainingWork['closed']): string {
  return [...closed.keys()].join();
}

/** The pictures of an engine's campaigns, and who looks ahead for them. */
export function watching(
  { clock, directStanding, takesWhole }: EngineDeps,
  runner: Runner,
  deliveries: DeliveryStore,
): { forecaster: Forecaster; snapshots: Snapshots } {
  const forecaster = new Forecaster(clock, deliveries, runner.limits, { directStanding, takesWhole });
  const etas = new Etas({ clock, runner, deliveries, forecaster, changed: (run) => snapshots.changed(run) });
  const snapshots: Snapshots = new Snapshots({ clock, runner, deliveries, etaOf: (run) => etas.of(run) });
  return { forecaster, snapshots };
}
