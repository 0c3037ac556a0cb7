import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../shared/clock.ts';
import type { Log } from '../../../shared/log.ts';
import type { AttemptEnd, Verdict } from '../../../shared/outcome.ts';
import { DIRECT, type Route, type Settings } from '../../../shared/settings.ts';
import type { Transport } from '../../../shared/transport.ts';
import type { CampaignStore } from '../store/campaignStore.ts';
import type { DeliveryStore } from '../store/deliveryStore.ts';
import type { SuppressionStore } from '../store/suppressionStore.ts';
import type { CampaignRun } from './campaignRun.ts';
import type { Compose } from './laneEvents.ts';
import type { CreateTransport } from './transports.ts';

/** How mail leaves and how results are judged: `engine/delivery` and `engine/verdict`, or what tests replace them with. */
export interface Ways {
  createTransport: CreateTransport;
  judge: Judge;
  isStale: (end: AttemptEnd) => boolean;
  routeFor: (settings: Settings, domain: string, signal: AbortSignal) => Route | Promise<Route>;
}

/** What the runner is made of and may call; the rest of the engine is behind these. */
export interface RunnerDeps extends Ways {
  clock: Clock;
  log: Log;
  database: DatabaseSync;
  campaigns: CampaignStore;
  deliveries: DeliveryStore;
  suppressions: SuppressionStore;
  /** Compiles what is pinned into a function that makes messages for a transport; rejects with a UserError. */
  composer: (run: CampaignRun) => Promise<Compose>;
  onChange: (run: CampaignRun) => void;
  /** Called before messages of a running campaign are placed; cheap, since that is often. */
  onFeed?: (run: CampaignRun) => void;
  /** How long a server may be silent before others stop waiting for it; absent: ten seconds. */
  silenceMs?: number;
  /** True when opened read-only: nothing is started. */
  idle: boolean;
}

export type Judge = (
  end: AttemptEnd,
  where: { transport: 'relay' | 'direct'; host: string; names?: { reader?: string } },
) => Verdict;

/** `reader` is whom the message was for, where there was one: the reply may quote the address. */
export function judgeFor(judge: Judge, transport: Transport, end: AttemptEnd, host: string, reader?: string): Verdict {
  const where = { transport: transport.name === DIRECT ? 'direct' : 'relay', host } as const;
  return judge(end, reader === undefined ? where : { ...where, names: { reader } });
}
