import type { DatabaseSync } from 'node:sqlite';
import { unsubscribeToken } from '../compose/index.ts';
import type { EngineApi, ReportQuery, ReportSummary } from '../protocol/engineApi.ts';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import type { ReportRow } from '../shared/reportRow.ts';
import { comingBack } from './comingBack.ts';
import { Control } from './control.ts';
import { Drafts } from './drafts.ts';
import type { EngineDeps } from './engineDeps.ts';
import { watching } from './etas.ts';
import type { Forecaster } from './forecaster.ts';
import { KeyRing } from './keyRing.ts';
import { listCalls } from './listCalls.ts';
import { preparer } from './preparer.ts';
import { Probes } from './probes.ts';
import type { CampaignRun } from './queue/run/campaignRun.ts';
import { Runner } from './queue/run/runner.ts';
import { CampaignStore } from './queue/store/campaignStore.ts';
import { closeDatabase, inWords, openDatabase } from './queue/store/database.ts';
import { DeliveryStore } from './queue/store/deliveryStore.ts';
import { LetterStore } from './queue/store/letterStore.ts';
import { MovedStore } from './queue/store/movedStore.ts';
import { ReportStore } from './queue/store/reportStore.ts';
import { SuppressionStore } from './queue/store/suppressionStore.ts';
import { inWordsForLog, type Snapshots } from './snapshots.ts';

const CLOSE_GRACE_MS = 20_000;

/**
 * The engine: it owns the store of one state directory and delivers its campaigns. The caller must hold the
 * directory's lock. What it acknowledges is on disk; after a crash it continues when it is opened
 * again, and a message whose last byte was sent without a reply is left in doubt for a person to decide.
 */
export class Engine implements EngineApi {
  readonly #deps: EngineDeps;
  readonly #database: DatabaseSync;
  readonly #campaigns: CampaignStore;
  readonly #deliveries: DeliveryStore;
  readonly #reports: ReportStore;
  readonly #runner: Runner;
  readonly #snapshots: Snapshots;
  readonly #back: ReturnType<typeof comingBack>;
  readonly #drafts: Drafts;
  readonly #control: Control;
  readonly #calls: ReturnType<typeof listCalls>;
  readonly #probes: Probes;
  readonly #letters: LetterStore;
  readonly #forecaster: Forecaster;
  #closing: Promise<void> | null = null;

  private constructor(deps: EngineDeps, database: DatabaseSync, keys: KeyRing) {
    this.#deps = deps;
    this.#database = database;
    this.#campaigns = new CampaignStore(database);
    this.#deliveries = new DeliveryStore(database);
    this.#reports = new ReportStore(database, (campaign, address) =>
      unsubscribeToken(keys.of(campaign), campaign, address),
    );
    const suppressions = new SuppressionStore(database);
    this.#runner = new Runner({
      ...deps,
      database,
      campaigns: this.#campaigns,
      deliveries: this.#deliveries,
      suppressions,
      composer: (run) => preparer(run, this.#campaigns, keys.own),
      onChange: (run) => this.#snapshots.changed(run),
      onFeed: (run) => this.#probes.makeWay(run),
      idle: deps.autostart === false,
    });
    ({ forecaster: this.#forecaster, snapshots: this.#snapshots } = watching(deps, this.#runner, this.#deliveries));
    this.#letters = new LetterStore(database);
    this.#back = comingBack(database, keys, deps, this.#runner, (row) => this.#control.load(row));
    this.#drafts = new Drafts(database, this.#campaigns, suppressions, this.#runner.transports);
    const owner = { runner: this.#runner, snapshots: this.#snapshots, drafts: this.#drafts };
    this.#probes = new Probes(deps, keys.own, owner, suppressions, this.#back);
    this.#calls = listCalls(database, this.#letters, deps.clock, owner);
    this.#control = new Control({
      ...deps,
      campaigns: this.#campaigns,
      deliveries: this.#deliveries,
      letters: this.#letters,
      runner: this.#runner,
      snapshots: this.#snapshots,
      remove: this.remove,
      moves: deps.autostart !== false,
      waits: deps.autostart === 'asked',
    });
  }

  /** Throws UserErrors: no SQLite, a state directory that cannot be used, a store of a newer version, a full disk. */
  static async create(deps: EngineDeps): Promise<Engine> {
    const database = await openDatabase(deps.stateDir, deps.decision);
    try {
      const moved = new MovedStore(database);
      const engine = new Engine(deps, database, new KeyRing(deps.stateDir, (id) => moved.keyId(id)));
      await engine.#recover();
      return engine;
    } catch (error) {
      closeDatabase(database);
      throw inWords(error);
    }
  }

  /** True when there is nothing to do now or at a known time. */
  get idle(): boolean {
    return (
      this.#probes.idle && this.#snapshots.runs.every((run) => run.state !== 'running' && run.state !== 'scheduled')
    );
  }

  get underWay(): string {
    return inWordsForLog(this.#snapshots.runs);
  }

  /** Lets messages in progress end, records them, closes the store. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await Promise.all([
        this.#probes.close(),
        this.#runner.close(CLOSE_GRACE_MS),
        this.#back.close(),
        this.#forecaster.close(),
      ]);
      await this.#deps.close?.();
      await Promise.all([this.#control.close(), this.#drafts.close()]);
      this.#snapshots.dispose();
      closeDatabase(this.#database);
    })();
    return this.#closing;
  }

  createDraft: EngineApi['createDraft'] = async ({ draft, campaign }) =>
    this.#drafts.create(draft, campaign, this.#deps.clock.now());

  addAsset: EngineApi['addAsset'] = async ({ draft, path, content }) => this.#drafts.addAsset(draft, path, content);

  addRows: EngineApi['addRows'] = async ({ draft, sequence, rows, refused }) =>
    this.#drafts.addRows(draft, sequence, rows, refused);

  async start(request: { draft: string; startAt: number; secrets: Record<string, string> }): Promise<CampaignSnapshot> {
    this.#control.keep(request.secrets);
    const row = this.#drafts.find(request.draft);
    await this.#drafts.start(row, (taken) => this.#control.start(row, request.startAt, taken));
    return this.get({ campaign: request.draft });
  }

  discard: EngineApi['discard'] = async ({ draft }) => this.#drafts.discard(draft);

  async list(): Promise<readonly CampaignSnapshot[]> {
    const all = await Promise.all(this.#snapshots.runs.map((run) => this.#snapshots.of(run)));
    return all.sort((a, b) => b.createdAt - a.createdAt);
  }

  get: EngineApi['get'] = async ({ campaign }) => this.#snapshots.of(this.#run(campaign));

  pause: EngineApi['pause'] = ({ campaign }) => this.#control.pause(campaign);

  resume: EngineApi['resume'] = ({ campaign, secrets }) => this.#control.resume(campaign, secrets);

  cancel: EngineApi['cancel'] = ({ campaign }) => this.#control.cancel(campaign);

  async resendFailed({ campaign, ids }: { campaign: string; ids?: readonly number[] }): Promise<CampaignSnapshot> {
    return this.#control.resendFailed(campaign, ids);
  }

  async decideInDoubt(request: {
    campaign: string;
    decision: 'resend' | 'leave';
    ids?: readonly number[];
  }): Promise<CampaignSnapshot> {
    return this.#control.decideInDoubt(request.campaign, request.decision, request.ids);
  }

  provideSecrets: EngineApi['provideSecrets'] = ({ secrets }) => this.#control.provideSecrets(secrets);

  plan: EngineApi['plan'] = async ({ campaign }) => ({ settings: this.#run(campaign).settings });

  async summary({ campaign }: { campaign: string }): Promise<ReportSummary> {
    const run = this.#run(campaign);
    const { sent, ...found } = await this.#reports.summary(run.key);
    return {
      snapshot: await this.#snapshots.of(run),
      ...found,
      document: this.#campaigns.document(run.key),
      versions: this.#letters.versions(run.key, sent),
      refused: this.#campaigns.refused(run.row, 0, 1000),
      ...this.#back.cameBack(run, this.#snapshots.runs),
    };
  }

  async report(query: ReportQuery): Promise<readonly ReportRow[]> {
    const run = this.#run(query.campaign);
    return this.#reports.rows(run.row, { ...query, limit: Math.min(Math.max(query.limit, 1), 5000) });
  }
  foresee: EngineApi['foresee'] = (request) => this.#forecaster.foresee(request);
  attempts: EngineApi['attempts'] = async ({ campaign, id }) => this.#reports.attempts(this.#run(campaign).key, id);

  askEvidence: EngineApi['askEvidence'] = (question) => this.#deps.askEvidence(question);

  testServer: EngineApi['testServer'] = async ({ settings, server, secret, starting = false }) => {
    const testing = this.#deps.testServer(settings, server, secret, starting);
    const tested = starting && settings.servers[server] ? this.#runner.preflight(server, settings, testing) : testing;
    return (await tested).steps;
  };

  unsubscribe: EngineApi['unsubscribe'] = (request) => this.#back.unsubscribe(request);
  pullUnsubscribes: EngineApi['pullUnsubscribes'] = (request) => this.#back.pullUnsubscribes(request);
  readMailbox: EngineApi['readMailbox'] = (request) => this.#back.readMailbox(request);
  tryMailbox: EngineApi['tryMailbox'] = (request) => this.#back.tryMailbox(request);
  findArrivals: EngineApi['findArrivals'] = (request) => this.#back.findArrivals(request);
  watchReturns: EngineApi['watchReturns'] = (request) => this.#back.watchReturns(request);
  onReturned: EngineApi['onReturned'] = (listener) => this.#back.onReturned(listener);
  sentBefore: EngineApi['sentBefore'] = (request) => this.#calls.sentBefore(request);
  correct: EngineApi['correct'] = (request) => this.#calls.correct(request);
  suppressions: EngineApi['suppressions'] = (request) => this.#calls.suppressions(request);
  suppress: EngineApi['suppress'] = (request) => this.#calls.suppress(request);
  unsuppress: EngineApi['unsuppress'] = (request) => this.#calls.unsuppress(request);
  undoSuppressions: EngineApi['undoSuppressions'] = (request) => this.#calls.undoSuppressions(request);
  leftOut: EngineApi['leftOut'] = (request) => this.#calls.leftOut(request);
  remove: EngineApi['remove'] = (request) => this.#calls.remove(request);
  forget: EngineApi['forget'] = (request) => this.#calls.forget(request);
  planProbe: EngineApi['planProbe'] = (request) => this.#probes.planProbe(request);
  probeServer: EngineApi['probeServer'] = (request) => this.#probes.probeServer(request);
  probeProgress: EngineApi['probeProgress'] = (request) => this.#probes.probeProgress(request);
  stopProbe: EngineApi['stopProbe'] = (request) => this.#probes.stopProbe(request);
  knownLimits: EngineApi['knownLimits'] = (request) => this.#probes.knownLimits(request);
  returnedMail: EngineApi['returnedMail'] = () => this.#back.returnedMail();
  dismissReturned: EngineApi['dismissReturned'] = (request) => this.#back.dismissReturned(request);
  exportState: EngineApi['exportState'] = (request) => this.#back.exportState(request);
  importState: EngineApi['importState'] = (request) => this.#back.importState(request);
  returnStandings: EngineApi['returnStandings'] = () => this.#back.returnStandings();
  suppressionCounts: EngineApi['suppressionCounts'] = () => this.#calls.suppressionCounts();

  onChange(listener: (snapshot: CampaignSnapshot) => void): { dispose(): void } {
    return this.#snapshots.onChange(listener);
  }

  async #recover(): Promise<void> {
    this.#drafts.removeLeft(this.#deps.log);
    const inDoubt = this.#deliveries.recover(this.#deps.clock.now());
    if (inDoubt > 0) this.#deps.log.warn(`${inDoubt} deliveries are in doubt after the last engine ended`);
    for (const row of this.#campaigns.all()) await this.#control.load(row);
  }

  #run(id: string): CampaignRun {
    return this.#control.run(id);
  }
}
