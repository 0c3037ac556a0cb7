import type { EngineApi, ProbeCall, ProbeRequest } from '../protocol/engineApi.ts';
import { msg, UserError } from '../shared/errors.ts';
import {
  PROBE_BUDGET,
  type ProbeBudget,
  type ProbePlan,
  type ProbeProgress,
  type ServerProbe,
} from '../shared/serverProbe.ts';
import { type ServerSettings, secretKey, transportNames } from '../shared/settings.ts';
import type { EngineDeps } from './engineDeps.ts';
import { GaveWay, runProbe, type SentTest } from './probe/runProbe.ts';
import { lookForAll } from './probeArrivals.ts';
import { allowedMessages, probedServer, probeRecipients, refuseAgain } from './probePermit.ts';
import { learnedLimit } from './queue/policy/learnedLimit.ts';
import type { CampaignRun } from './queue/run/campaignRun.ts';
import type { Runner } from './queue/run/runner.ts';
import type { SuppressionStore } from './queue/store/suppressionStore.ts';
import type { Snapshots } from './snapshots.ts';
import { testMessages } from './testMessages.ts';

export type ProbeCalls = 'planProbe' | 'probeServer' | 'probeProgress' | 'stopProbe' | 'knownLimits';

/** What these calls need from the engine. */
interface ProbesOwner {
  runner: Pick<Runner, 'limits' | 'lanes'>;
  snapshots: Pick<Snapshots, 'runs'>;
}

interface UnderWay {
  account: string;
  server: ServerSettings;
  progress: ProbeProgress;
  abort: AbortController;
  result: Promise<ServerProbe>;
}

/**
 * The engine's calls for in-depth tests. At most one runs per account, and none during a campaign over it: one that is to
 * begin then is refused, and one under way ends with what it has found. A campaign never waits for it.
 */
export class Probes implements Pick<EngineApi, ProbeCalls> {
  readonly #deps: Pick<EngineDeps, 'clock' | 'log' | 'createTransport' | 'judge'>;
  readonly #key: Uint8Array;
  readonly #owner: ProbesOwner;
  readonly #suppressions: Pick<SuppressionStore, 'asked'>;
  readonly #back: Pick<EngineApi, 'findArrivals'>;
  readonly #underWay = new Map<string, UnderWay>();
  #closed = false;

  constructor(
    deps: Pick<EngineDeps, 'clock' | 'log' | 'createTransport' | 'judge'>,
    key: Uint8Array,
    owner: ProbesOwner,
    suppressions: Pick<SuppressionStore, 'asked'>,
    back: Pick<EngineApi, 'findArrivals'>,
  ) {
    this.#deps = deps;
    this.#key = key;
    this.#owner = owner;
    this.#suppressions = suppressions;
    this.#back = back;
  }

  get idle(): boolean {
    return this.#underWay.size === 0;
  }

  planProbe: EngineApi['planProbe'] = async (request) => this.#plan(request);

  probeServer: EngineApi['probeServer'] = (request) => {
    const known = this.#underWay.get(request.probe);
    if (known) return known.result;
    // Planning throws before anything is started.
    let plan: ProbePlan;
    try {
      plan = this.#plan(request);
    } catch (error) {
      return Promise.reject(error);
    }
    const account = this.#accountOf(request);
    const server = probedServer(request.settings, request.server);
    const abort = new AbortController();
    const progress: ProbeProgress = { phase: 'connections', messages: 0, waitsUntil: 0 };
    const result = this.#run(request, plan, account, abort.signal);
    const underWay: UnderWay = { account, server, progress, abort, result };
    this.#underWay.set(request.probe, underWay);
    const over = () => this.#underWay.delete(request.probe);
    result.then(over, over);
    return result;
  };

  /** A campaign is about to send. A test that only looks for its messages is not in its way. */
  makeWay(run: CampaignRun): void {
    for (const { server, progress, abort } of this.#underWay.values())
      if (progress.phase !== 'arrivals' && goesOver(run, server)) abort.abort(new GaveWay());
  }

  probeProgress: EngineApi['probeProgress'] = async ({ probe }) => this.#underWay.get(probe)?.progress ?? null;

  stopProbe: EngineApi['stopProbe'] = async ({ probe }) => this.#underWay.get(probe)?.abort.abort(new Error('stopped'));

  knownLimits: EngineApi['knownLimits'] = async ({ accounts }) =>
    accounts.map((account) => {
      const { limits } = this.#owner.runner;
      return { account, learned: limits.of(account), probe: limits.probeOf(account) };
    });

  /** A running test ends with what it has found. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { abort } of this.#underWay.values()) abort.abort(new Error('closed'));
    await Promise.allSettled([...this.#underWay.values()].map(({ result }) => result));
  }

  #plan({ settings, server: name, budget, again }: ProbeRequest): ProbePlan {
    const { clock } = this.#deps;
    const { runner, snapshots } = this.#owner;
    const server = probedServer(settings, name);
    const account = this.#accountOf({ settings, server: name });
    const now = clock.now();
    const last = runner.limits.probeOf(account);
    if (!again) refuseAgain(name, last, now);
    const sends = (run: CampaignRun) => run.state === 'running' && goesOver(run, server);
    const busy = [...this.#underWay.values()].some((each) => each.account === account) || snapshots.runs.some(sends);
    if (busy || this.#closed) {
      throw new UserError(
        'probeBusy',
        msg('{0} is in use: a campaign is being sent via it, or it is being tested.', name),
        msg('Test it when that has finished, or pause the campaign. Nothing was sent.'),
      );
    }
    const recipients = probeRecipients(settings, this.#suppressions.asked());
    const { messages } = within(budget);
    const sentSince = (perMs: number) => runner.limits.sentSince(account, now - perMs);
    return {
      recipients,
      messages: allowedMessages(messages, server, runner.limits.of(account), sentSince),
      last,
    };
  }

  #accountOf({ settings, server }: Pick<ProbeRequest, 'settings' | 'server'>): string {
    return this.#deps.createTransport(server, settings, () => '').accountKey;
  }

  async #run(
    request: ProbeRequest & ProbeCall,
    { recipients, messages }: ProbePlan,
    account: string,
    signal: AbortSignal,
  ): Promise<ServerProbe> {
    const { clock, createTransport, judge, log } = this.#deps;
    const { runner } = this.#owner;
    const key = this.#key;
    const { settings, server, probe, letter, secret } = request;
    const budget: ProbeBudget = { ...within(request.budget), messages };
    const message = await testMessages({ settings, server, probe, letter, recipients, key, now: () => clock.now() });
    runner.limits.keepProbe(account, begun(clock.now()));
    const sent: SentTest[] = [];
    const found = await runProbe({
      transport: createTransport(server, settings, () => secret),
      clock,
      budget,
      judge: (end, host) => judge(end, { transport: 'relay', host }),
      message,
      onSent: (each) => {
        sent.push(each);
        this.#count(account, server, each);
      },
      onLimit: (heard, text) => {
        const limit = learnedLimit(heard, this.#sentBefore(account));
        if (limit) runner.limits.learn(account, { ...limit, at: clock.now(), text });
      },
      onProgress: (progress) => this.#tell(probe, progress),
      signal,
    });
    const result: ServerProbe = { ...found, arrived: null };
    runner.limits.keepProbe(account, result);
    this.#tell(probe, { phase: 'arrivals', messages: sent.length, waitsUntil: 0 });
    const arrived = await lookForAll(request.mailboxes, sent, {
      clock,
      log,
      findArrivals: this.#back.findArrivals,
      signal,
    });
    if (!arrived) return result;
    runner.limits.keepProbe(account, { ...result, arrived });
    return { ...result, arrived };
  }

  #tell(probe: string, progress: ProbeProgress): void {
    const underWay = this.#underWay.get(probe);
    if (underWay) underWay.progress = progress;
  }

  /** It used up part of the account's limits. */
  #count(account: string, transport: string, { host, startedAt, committedAt, endedAt }: SentTest): void {
    const { runner } = this.#owner;
    runner.limits.countTest(account, { transport, host, startedAt, committedAt, endedAt });
    const place = runner.lanes.account(account).take([], committedAt);
    if ('commit' in place) place.commit(committedAt);
  }

  #sentBefore(account: string) {
    const { clock } = this.#deps;
    const { runner } = this.#owner;
    const sent = (ms: number) => runner.limits.sentSince(account, clock.now() - ms);
    return { minute: sent(60_000), hour: sent(3_600_000), day: sent(86_400_000) };
  }
}

/** Whether its route has a server with the same account, if only as a backup. */
function goesOver({ settings }: Pick<CampaignRun, 'settings'>, server: ServerSettings): boolean {
  return transportNames(settings).some((name) => {
    const entry = settings.servers[name];
    return entry !== undefined && secretKey(entry) === secretKey(server);
  });
}

/** A budget is never more than the usual one. */
function within({ messages, forMs }: ProbeBudget): ProbeBudget {
  return {
    messages: Math.max(1, Math.min(messages, PROBE_BUDGET.messages)),
    forMs: Math.max(1_000, Math.min(forMs, PROBE_BUDGET.forMs)),
  };
}

/** Recorded before the first message: once a day, whatever happens. */
function begun(at: number): ServerProbe {
  const none = { limit: null, seen: 0 };
  return {
    at,
    ended: 'interrupted',
    messages: 0,
    tookMs: 0,
    connections: none,
    perConnection: none,
    refusedAfter: null,
    rate: null,
    text: '',
    arrived: null,
  };
}
