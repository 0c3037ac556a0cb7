import type { DatabaseSync } from 'node:sqlite';
import type { EngineApi, ReportSummary, WatchedMailbox } from '../protocol/engineApi.ts';
import type { Clock } from '../shared/clock.ts';
import { mailboxAccount } from '../shared/settings.ts';
import type { EngineDeps } from './engineDeps.ts';
import type { KeyRing } from './keyRing.ts';
import { Leavers } from './leavers.ts';
import type { CampaignRun } from './queue/run/campaignRun.ts';
import type { Runner } from './queue/run/runner.ts';
import type { CampaignRow } from './queue/store/campaignStore.ts';
import { ReturnedMailStore } from './queue/store/returnedMailStore.ts';
import { ReturnStore } from './queue/store/returnStore.ts';
import { Returns } from './returns.ts';
import { type ReturnSource, ReturnWatch } from './returnWatch.ts';
import { transferCalls } from './transfer/transferCalls.ts';

export type ReturnCall =
  | 'unsubscribe'
  | 'pullUnsubscribes'
  | 'readMailbox'
  | 'tryMailbox'
  | 'findArrivals'
  | 'watchReturns'
  | 'returnStandings'
  | 'exportState'
  | 'importState'
  | 'returnedMail'
  | 'dismissReturned'
  | 'onReturned';

/** How often an unsubscribe endpoint is polled while the engine runs. */
const ASK_MS = 15 * 60_000;

interface ComingBack extends Pick<EngineApi, ReturnCall> {
  close(): Promise<void>;
  /** What came back for a campaign, and for all of them. */
  cameBack(run: CampaignRun, all: readonly CampaignRun[]): Pick<ReportSummary, 'cameBack' | 'overAll'>;
}

/** The engine's calls for returned mail; the runner is told who must not be mailed any more, and when there are too many. */
export function comingBack(
  database: DatabaseSync,
  keys: KeyRing,
  { clock, judge, log }: EngineDeps,
  runner: Pick<Runner, 'suppressed' | 'cameBack'>,
  load: (row: CampaignRow) => Promise<void>,
): ComingBack {
  const store = new ReturnStore(database);
  const mail = new ReturnedMailStore(database);
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const onSuppressed = () => runner.suppressed();
  const leavers = new Leavers(database, keys, clock, onSuppressed);
  const returns = new Returns(database, keys, {
    clock,
    judge,
    onSuppressed,
    onReturns: (key, before, after) => runner.cameBack(key, before, after),
  });
  const watch = new ReturnWatch(clock, log, tell);

  return {
    ...transferCalls(database, keys, clock, { load, onSuppressed }),
    unsubscribe: async ({ tokens }) => {
      const result = await leavers.unsubscribe(tokens);
      tell();
      return result;
    },
    pullUnsubscribes: ({ url, secret }) => watch.noting(url, () => leavers.pull(url, secret)),
    readMailbox: ({ withinMs, ...request }) =>
      watch.noting(mailboxAccount(request.mailbox), () =>
        returns.read(request, withinMs === undefined ? undefined : AbortSignal.timeout(withinMs)),
      ),
    tryMailbox: async ({ mailbox, secret }) => {
      const { countMail } = await import('../mailbox/index.ts');
      return { messages: await countMail({ settings: mailbox, secret }) };
    },
    findArrivals: async ({ mailbox, secret, messageIds }) => {
      const { findArrivals } = await import('../mailbox/index.ts');
      return findArrivals({ settings: mailbox, secret }, messageIds);
    },
    watchReturns: async ({ mailboxes, endpoint }) =>
      watch.watch([
        ...mailboxes.map((mailbox) => mailboxSource(mailbox, returns)),
        ...(endpoint ? [endpointSource(endpoint, leavers, clock)] : []),
      ]),
    returnedMail: async () => mail.all(),
    dismissReturned: async ({ ids }) => {
      mail.remove(ids);
      tell();
    },
    returnStandings: async () => watch.standings(),
    onReturned: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    close: () => watch.close(),
    cameBack: (run, all) => ({
      cameBack: store.counts(run.key),
      overAll: {
        sent: all.reduce((sum, { row, counts }) => sum + (row.kind === 'send' ? counts.sent : 0), 0),
        cameBack: store.counts(null),
      },
    }),
  };
}

function mailboxSource(watched: WatchedMailbox, returns: Returns): ReturnSource {
  const { mailbox, secret } = watched;
  const id = mailboxAccount(mailbox);
  return {
    id,
    secret,
    read: (signal) => returns.read(watched, signal),
    more: async (signal) => {
      const { mailArrives } = await import('../mailbox/index.ts');
      await mailArrives({ settings: mailbox, secret, signal }, returns.cursor(id));
    },
  };
}

function endpointSource(
  { url, secret }: { url: string; secret: string },
  leavers: Leavers,
  clock: Clock,
): ReturnSource {
  return {
    id: url,
    secret,
    read: () => leavers.pull(url, secret),
    more: (signal) => clock.sleep(ASK_MS, signal),
  };
}
