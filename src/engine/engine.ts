import type { DatabaseSync } from 'node:sqlite';
import type {
  AttemptRow,
  CampaignDraft,
  EngineApi,
  ReportQuery,
  ReportRow,
  ReportSummary,
  ServerTestStep,
  Suppression,
} from '../protocol/engineApi.ts';
import { type Attention, type CampaignSnapshot, resendable } from '../shared/campaign.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Recipient, RefusedRow } from '../shared/recipient.ts';
import { DIRECT, type Settings, transportNames } from '../shared/settings.ts';
import { comingBack } from './comingBack.ts';
import type { EngineParts } from './engineParts.ts';
import { installKey } from './installKey.ts';
import { preparer } from './preparer.ts';
import { Run } from './queue/run/run.ts';
import { Runner } from './queue/run/runner.ts';
import { type CampaignRow, CampaignStore } from './queue/store/campaignStore.ts';
import { inWords, openDatabase } from './queue/store/database.ts';
import { DeliveryStore } from './queue/store/deliveryStore.ts';
import { ReportStore } from './queue/store/reportStore.ts';
import { ReturnStore } from './queue/store/returnStore.ts';
import { SuppressionStore } from './queue/store/suppressionStore.ts';
import { Snapshots } from './snapshots.ts';
import { unknownCampaign } from './unknownCampaign.ts';

/** How late a planned start may be and still happen by itself. */
const MISSED_AFTER_MS = 15 * 60_000;
const CLOSE_GRACE_MS = 20_000;

/**
 * The engine: it owns the store of one state directory and delivers its campaigns. Whoever opens it must hold the
 * directory's lock. What it acknowledges is on disk; whatever it was doing when it died it goes on with when opened
 * again, and a message whose last byte went out unanswered is left in doubt for a person to decide.
 */
export class Engine implements EngineApi {
  readonly #parts: EngineParts;
  readonly #database: DatabaseSync;
  readonly #campaigns: CampaignStore;
  readonly #deliveries: DeliveryStore;
  readonly #reports: ReportStore;
  readonly #suppressions: SuppressionStore;
  readonly #runner: Runner;
  readonly #snapshots: Snapshots;
  readonly unsubscribe: EngineApi['unsubscribe'];
  readonly pullUnsubscribes: EngineApi['pullUnsubscribes'];
  readonly readMailbox: EngineApi['readMailbox'];
  #closing: Promise<void> | null = null;

  private constructor(parts: EngineParts, database: DatabaseSync, key: Uint8Array) {
    this.#parts = parts;
    this.#database = database;
    this.#campaigns = new CampaignStore(database);
    this.#deliveries = new DeliveryStore(database);
    this.#reports = new ReportStore(database);
    this.#suppressions = new SuppressionStore(database);
    this.#runner = new Runner({
      clock: parts.clock,
      log: parts.log,
      database,
      campaigns: this.#campaigns,
      deliveries: this.#deliveries,
      suppressions: this.#suppressions,
      createTransport: parts.createTransport,
      judge: parts.judge,
      routeFor: parts.routeFor,
      composer: (run) => preparer(run, this.#campaigns, key),
      onChange: (run) => this.#snapshots.changed(run),
      idle: parts.autostart === false,
    });
    this.#snapshots = new Snapshots(parts.clock, this.#runner);
    const back = comingBack(database, key, parts, () => this.#runner.suppressed());
    ({ unsubscribe: this.unsubscribe, pullUnsubscribes: this.pullUnsubscribes, readMailbox: this.readMailbox } = back);
  }

  /** Throws UserErrors: no SQLite, a state directory that cannot be used, a store of a newer version, a full disk. */
  static async open(parts: EngineParts): Promise<Engine> {
    const database = await openDatabase(parts.stateDir);
    try {
      const engine = new Engine(parts, database, installKey(parts.stateDir));
      engine.#recover();
      return engine;
    } catch (error) {
      database.close();
      throw inWords(error);
    }
  }

  /** True when nothing is left to do now or at a time already known. */
  get idle(): boolean {
    return this.#snapshots.runs.every((run) => run.state !== 'running' && run.state !== 'scheduled');
  }

  /** Lets what flies land, writes it down, closes the store. Twice is once. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#runner.close(CLOSE_GRACE_MS);
      this.#snapshots.dispose();
      this.#database.close();
    })();
    return this.#closing;
  }

  async open({ draft, campaign }: { draft: string; campaign: CampaignDraft }): Promise<void> {
    const known = this.#campaigns.find(draft);
    if (known && known.state !== 'draft') return;
    const { newsletter, hours, settings } = campaign;
    // Throws where a way is named that does not exist.
    for (const name of transportNames(settings)) this.#runner.transports.get(name, settings);
    this.#campaigns.open(
      {
        ...campaign,
        id: draft,
        subject: newsletter.subject,
        newsletter: JSON.stringify(newsletter),
        hours: hours ?? settings.sendingHours,
      },
      this.#parts.clock.now(),
    );
  }

  async addAsset({ draft, path, content }: { draft: string; path: string; content: Uint8Array }): Promise<void> {
    const row = this.#find(draft);
    if (row.state === 'draft' || !this.#campaigns.hasAsset(row.key, path))
      this.#campaigns.addAsset(this.#draft(draft).key, path, content);
  }

  async addRows(request: {
    draft: string;
    sequence: number;
    rows: readonly Recipient[];
    refused: readonly RefusedRow[];
  }): Promise<void> {
    const row = this.#find(request.draft);
    // Said again after the start, as when the reply had been lost: it is there.
    if (row.state !== 'draft' && request.sequence < row.nextSequence) return;
    this.#campaigns.addRows(this.#draft(request.draft).key, request.sequence, request.rows, request.refused);
  }

  async start(request: { draft: string; startAt: number; secrets: Record<string, string> }): Promise<CampaignSnapshot> {
    this.#keep(request.secrets);
    const row = this.#find(request.draft);
    if (row.state === 'draft') {
      const state = request.startAt > this.#parts.clock.now() ? 'scheduled' : 'running';
      this.#campaigns.begin(row.key, state, request.startAt, (key) => this.#deliveries.interleave(key));
      this.#load(this.#find(request.draft));
    }
    return this.get({ campaign: request.draft });
  }

  async discard({ draft }: { draft: string }): Promise<void> {
    const row = this.#campaigns.find(draft);
    if (row?.state === 'draft') this.#campaigns.remove(row.key);
  }

  async list(): Promise<readonly CampaignSnapshot[]> {
    return this.#snapshots.runs.map((run) => this.#snapshots.of(run)).sort((a, b) => b.createdAt - a.createdAt);
  }

  async get({ campaign }: { campaign: string }): Promise<CampaignSnapshot> {
    return this.#snapshots.of(this.#run(campaign));
  }

  async pause({ campaign }: { campaign: string }): Promise<CampaignSnapshot> {
    const run = this.#run(campaign);
    if (run.state !== 'done' && run.state !== 'cancelled') {
      // Also when it seems paused already: one that is only looked at still runs in the store.
      this.#setState(run, 'paused');
      await this.#runner.halt(run);
    }
    return this.#snapshots.of(run);
  }

  async resume({
    campaign,
    secrets,
  }: {
    campaign: string;
    secrets: Record<string, string>;
  }): Promise<CampaignSnapshot> {
    this.#keep(secrets);
    const run = this.#run(campaign);
    if (run.state === 'paused' || run.state === 'needsAction') {
      // What was made of key files and the like may have been mended.
      run.prepare = null;
      if (run.open > 0) this.#deliveries.hasten(run.key, this.#parts.clock.now());
      this.#setState(run, run.row.startAt > this.#parts.clock.now() ? 'scheduled' : 'running');
      this.#wantSecrets(run);
      this.#runner.revive();
    }
    return this.#snapshots.of(run);
  }

  async cancel({ campaign }: { campaign: string }): Promise<CampaignSnapshot> {
    const run = this.#run(campaign);
    if (run.state !== 'done' && run.state !== 'cancelled') {
      this.#setState(run, 'cancelled', this.#parts.clock.now());
      await this.#runner.halt(run);
      this.#runner.ledger.flush();
      this.#deliveries.moveAll(run.key, ['queued', 'deferred'], 'cancelled');
      this.#recount(run);
    }
    return this.#snapshots.of(run);
  }

  async resendFailed({ campaign, ids }: { campaign: string; ids?: readonly number[] }): Promise<CampaignSnapshot> {
    const run = this.#run(campaign);
    return this.#requeue(run, this.#deliveries.moveAll(run.key, resendable, 'queued', ids));
  }

  async decideInDoubt(request: {
    campaign: string;
    decision: 'resend' | 'leave';
    ids?: readonly number[];
  }): Promise<CampaignSnapshot> {
    const run = this.#run(request.campaign);
    const to = request.decision === 'resend' ? 'queued' : 'sent';
    const moved = this.#deliveries.moveAll(run.key, ['inDoubt'], to, request.ids);
    if (to === 'queued') return this.#requeue(run, moved);
    this.#recount(run);
    if (run.state === 'done' || run.state === 'cancelled') this.#setState(run, run.state, run.finishedAt);
    return this.#snapshots.of(run);
  }

  async provideSecrets({ secrets }: { secrets: Record<string, string> }): Promise<void> {
    const now = this.#parts.clock.now();
    const { transports } = this.#runner;
    const refused = this.#keep(secrets).filter((key) => transports.closure(key, now)?.cause === 'credentials');
    if (refused.length > 0) this.#runner.renewed(new Set(refused));
    for (const run of this.#snapshots.runs) {
      const waits = run.attention.some(
        (item) =>
          item.kind === 'secretMissing' ||
          (item.kind === 'transportClosed' &&
            item.cause === 'credentials' &&
            refused.includes(transports.get(item.transport, run.settings).quotaKey)),
      );
      if (run.state === 'needsAction' && waits) await this.resume({ campaign: run.id, secrets: {} });
    }
  }

  quotas = async ({ settings }: { settings: Settings }) => this.#snapshots.quotas(settings);

  async plan({ campaign }: { campaign: string }): Promise<{ settings: Settings }> {
    return { settings: this.#run(campaign).settings };
  }

  async summary({ campaign }: { campaign: string }): Promise<ReportSummary> {
    const run = this.#run(campaign);
    return {
      snapshot: this.#snapshots.of(run),
      causes: this.#reports.causes(run.key),
      domains: this.#reports.domains(run.key),
      timeline: this.#reports.timeline(run.key),
      document: this.#campaigns.document(run.key),
      refused: this.#campaigns.refused(run.key, 1000),
      cameBack: new ReturnStore(this.#database).counts(run.key),
    };
  }

  async report(query: ReportQuery): Promise<readonly ReportRow[]> {
    const run = this.#run(query.campaign);
    return this.#reports.rows(run.key, { ...query, limit: Math.min(Math.max(query.limit, 1), 5000) });
  }

  async attempts({ campaign, id }: { campaign: string; id: number }): Promise<readonly AttemptRow[]> {
    return this.#reports.attempts(this.#run(campaign).key, id);
  }

  testServer(request: { settings: Settings; server: string; secret: string }): Promise<readonly ServerTestStep[]> {
    return this.#parts.testServer(request.settings, request.server, request.secret);
  }

  async suppressions({ after, limit }: { after: string; limit: number }): Promise<readonly Suppression[]> {
    return this.#suppressions.list(after, Math.min(Math.max(limit, 1), 10_000));
  }

  async suppress({ entries }: { entries: readonly Suppression[] }): Promise<void> {
    this.#suppressions.add(entries);
    this.#runner.suppressed();
  }

  async unsuppress({ entries }: { entries: readonly string[] }): Promise<void> {
    this.#suppressions.remove(entries);
  }

  onChange(listener: (snapshot: CampaignSnapshot) => void): { dispose(): void } {
    return this.#snapshots.onChange(listener);
  }

  #recover(): void {
    this.#campaigns.removeDrafts();
    const inDoubt = this.#deliveries.recover(this.#parts.clock.now());
    if (inDoubt > 0) this.#parts.log.warn(`${inDoubt} deliveries are in doubt after the last engine ended`);
    for (const row of this.#campaigns.all()) this.#load(row);
  }

  #load(row: CampaignRow): void {
    const { key } = row;
    const run = new Run(
      row,
      this.#deliveries.counts(key),
      this.#campaigns.refusedCounts(key),
      this.#reports.tallies(key),
    );
    const now = this.#parts.clock.now();
    const missed = run.state === 'scheduled' && row.startAt < now - MISSED_AFTER_MS;
    if (this.#parts.autostart !== false) {
      if (missed) this.#needAction(run, { kind: 'missed', at: row.startAt });
      else if (run.state === 'running' || run.state === 'scheduled') {
        this.#wantSecrets(run);
      }
    } else if (run.state === 'running') {
      run.state = 'paused';
    } else if (missed) {
      run.state = 'needsAction';
      run.attention = [{ kind: 'missed', at: row.startAt }];
    }
    this.#snapshots.add(run);
    this.#runner.add(run);
  }

  /** A campaign that needs a password nobody has given waits for it, rather than failing at the server. */
  #wantSecrets(run: Run): void {
    const { settings } = run;
    for (const name of transportNames(settings)) {
      const secretKey = name === DIRECT ? null : this.#runner.transports.missingSecret(name, settings);
      if (secretKey !== null) {
        this.#needAction(run, { kind: 'secretMissing', transport: name, secretKey });
        return;
      }
    }
  }

  #needAction(run: Run, attention: Attention): void {
    run.state = 'needsAction';
    run.attention = [attention];
    this.#campaigns.setState(run.key, run.state, run.attention, 0);
    this.#snapshots.changed(run);
  }

  #setState(run: Run, state: Run['state'], finishedAt = 0): void {
    const { inDoubt } = run.counts;
    const attention: Attention[] =
      (state === 'done' || state === 'cancelled') && inDoubt > 0 ? [{ kind: 'inDoubt', count: inDoubt }] : [];
    // Written before it is so: what a full disk refused can be asked for again.
    this.#campaigns.setState(run.key, state, attention, finishedAt);
    Object.assign(run, { state, finishedAt, attention });
    this.#snapshots.changed(run);
  }

  #requeue(run: Run, moved: number): CampaignSnapshot {
    this.#recount(run);
    if (moved > 0) {
      run.rewind();
      if (run.state === 'done' || run.state === 'cancelled') {
        this.#setState(run, 'running');
        this.#wantSecrets(run);
      }
      this.#runner.pump();
    }
    return this.#snapshots.of(run);
  }

  #recount(run: Run): void {
    Object.assign(run.counts, this.#deliveries.counts(run.key));
    this.#snapshots.changed(run);
  }

  /** Gives back the keys whose secret is another one than before. */
  #keep(secrets: Record<string, string>): string[] {
    const known = this.#runner.transports.secrets;
    const changed = Object.entries(secrets).filter(([key, secret]) => known.get(key) !== secret);
    for (const [key, secret] of changed) known.set(key, secret);
    return changed.map(([key]) => key);
  }

  #draft(id: string): CampaignRow {
    const row = this.#find(id);
    if (row.state !== 'draft')
      throw new UserError('started', msg('The campaign {0} has already begun.', id), msg('Start a new one.'));
    return row;
  }

  #find(id: string): CampaignRow {
    const row = this.#campaigns.find(id);
    if (!row) throw unknownCampaign(id);
    return row;
  }

  #run(id: string): Run {
    const run = this.#runner.run(id);
    if (!run) throw unknownCampaign(id);
    return run;
  }
}
