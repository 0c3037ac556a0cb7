import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../shared/clock.ts';
import type { Log } from '../../../shared/log.ts';
import type { AttemptEnd, Verdict } from '../../../shared/outcome.ts';
import { DIRECT, type Route, type Settings } from '../../../shared/settings.ts';
import type { Transport } from '../../../shared/transport.ts';
import type { CampaignStore } from '../store/campaignStore.ts';
import type { DeliveryStore } from '../store/deliveryStore.ts';
import type { Item } from '../store/item.ts';
import type { SuppressionStore } from '../store/suppressionStore.ts';
import type { Prepared } from './laneOwner.ts';
import type { Run } from './run.ts';
import type { CreateTransport } from './transports.ts';

/** What the runner is made of and may ask; the rest of the engine stands behind these. */
export interface RunnerParts {
  clock: Clock;
  log: Log;
  database: DatabaseSync;
  campaigns: CampaignStore;
  deliveries: DeliveryStore;
  suppressions: SuppressionStore;
  createTransport: CreateTransport;
  judge: Judge;
  routeFor: (settings: Settings, domain: string, signal: AbortSignal) => Route | Promise<Route>;
  /** Compiles what is pinned into a function that makes messages; rejects with a UserError. */
  composer: (run: Run) => Promise<(item: Item) => Promise<Prepared>>;
  onChange: (run: Run) => void;
  /** True when it is only looked at: nothing is begun. */
  idle: boolean;
}

export type Judge = (end: AttemptEnd, where: { transport: 'relay' | 'direct'; host: string }) => Verdict;

export function judgeFor(judge: Judge, transport: Transport, end: AttemptEnd, host: string): Verdict {
  return judge(end, { transport: transport.name === DIRECT ? 'direct' : 'relay', host });
}

export function wordsFor(end: AttemptEnd): string {
  return end.kind === 'reply'
    ? `${end.reply.code} ${end.reply.enhanced} ${end.reply.text}`.replace(/\s+/g, ' ')
    : end.detail;
}
