import type { Newsletter } from '../compose/newsletter.ts';
import type { Arrival } from '../shared/arrival.ts';
import type { CameBack, CampaignSnapshot, DeliveryState, LearnedLimit } from '../shared/campaign.ts';
import type { Text } from '../shared/errors.ts';
import type { EvidenceItem, SenderQuestion } from '../shared/evidence.ts';
import type { Foresight, ForesightRequest } from '../shared/foresight.ts';
import type { AttemptEnd, Cause } from '../shared/outcome.ts';
import type { Recipient, RefusedRow } from '../shared/recipient.ts';
import type { CauseSum, ReportRow } from '../shared/reportRow.ts';
import type { ReturnedMail } from '../shared/returnedMail.ts';
import type { ProbeBudget, ProbePlan, ProbeProgress, ServerProbe } from '../shared/serverProbe.ts';
import type { MailboxSettings, SendingHours, Settings } from '../shared/settings.ts';

/** Raise when a message changes shape; an engine and a client of different numbers do not talk beyond `hello`. */
export const PROTOCOL = 5;

export interface Hello {
  protocol: number;
  version: string;
  token: string;
  client: 'editor' | 'cli';
}

export interface HelloReply {
  protocol: number;
  version: string;
  pid: number;
  startedAt: number;
}

/** A list as it was when it was read; the hash of its bytes is hex. */
export interface PinnedList {
  path: string;
  sha256: string;
}

/** What is pinned with a campaign besides rows and assets. */
export interface CampaignDraft {
  kind: 'send' | 'test';
  newsletter: Newsletter;
  settings: Settings;
  document: { path: string; text: string; commit: string };
  recipients: PinnedList & { more?: readonly PinnedList[] };
  /** Only deliver inside these; absent = at any time. */
  hours?: SendingHours;
  /**
   * Readers who have the same letter are left out, unless `again`; a second campaign with the same `once`, if that is not "",
   * does not start. Absent: it may be sent any number of times.
   */
  letter?: { key: string; once: string; again: boolean };
}

/** A campaign of a letter, with its results. */
export interface LetterCampaign {
  id: string;
  at: number;
  once: string;
  sent: number;
  /** May still be sent, or may have arrived. */
  waiting: number;
  finished: boolean;
}

export interface ReportQuery {
  campaign: string;
  states?: readonly DeliveryState[];
  /** Substring of the address. */
  search?: string;
  /** Exclusive: rows with a greater id. */
  after: number;
  limit: number;
}

/** A row that got no message when the campaign was made. */
export interface LeftOutRow extends RefusedRow {
  id: number;
  /** Path of the list that contains the line. */
  file: string;
}

export interface AttemptRow {
  transport: string;
  host: string;
  startedAt: number;
  committedAt: number;
  endedAt: number;
  end: AttemptEnd | null;
  cause: Cause | '';
}

export interface ReportSummary {
  snapshot: CampaignSnapshot;
  /** Failures and deferrals grouped, greatest first; `text` is one sample reply. */
  causes: readonly CauseSum[];
  /** `other`: in doubt, suppressed or cancelled. */
  domains: readonly {
    domain: string;
    total: number;
    sent: number;
    failed: number;
    waiting: number;
    other: number;
  }[];
  /** Settled messages over time, at most 120 points. */
  timeline: readonly { at: number; sent: number; failed: number }[];
  document: { path: string; text: string; sha256: string; commit: string };
  /** One for each text it went out with, in order; `until` is 0 for the current one. */
  versions?: readonly { version: number; until: number; sha256: string; sent: number }[];
  /** The first of them. */
  refused: readonly LeftOutRow[];
  /** What came back later. */
  cameBack: CameBack;
  /** Of all campaigns, this one among them. */
  overAll: { sent: number; cameBack: CameBack };
}

export interface Suppression {
  /** A whole address, or a domain without "@". */
  entry: string;
  reason: 'unsubscribed' | 'bounced' | 'complained' | 'blocked';
  note: string;
  at: number;
}

/** The result of applying returned tokens. */
export interface Unsubscribed {
  /** Who is unsubscribed now; `before`: was already. */
  left: readonly { token: string; address: string; campaign: string; before: boolean }[];
  /** Made for no campaign on record, or forged. */
  unknown: readonly string[];
}

/** What was exported to, or imported from, another machine. */
export interface MovedState {
  campaigns: number;
  readers: number;
  suppressions: number;
}

export interface WatchedMailbox {
  mailbox: MailboxSettings;
  secret: string;
}

/** The state of watching a mailbox (`source` is its account) or an unsubscribe endpoint (its URL). */
export interface SourceStanding {
  source: string;
  /** `idle`: not watched. `waiting`: read, and notified when more arrives. */
  state: 'idle' | 'reading' | 'waiting' | 'failed';
  failure: Text | null;
  /** Of the last successful reading, epoch ms; 0 = none yet. */
  readAt: number;
}

/** What was new in a mailbox. */
export interface MailboxReading {
  read: number;
  bounced: number;
  complained: number;
  left: number;
  replied: number;
  /** Out of office, receipts, delays: without consequences. */
  robots: number;
  /** Bounces, complaints and unsubscribe requests that carry no mark of ours: shown, but without consequences. */
  unproven: number;
  /** Readers reported dead that are not believed: their domain reported too many. Without consequences. */
  doubted: number;
  /** Who must not be mailed any more because of it. */
  suppressed: readonly Suppression[];
}

export interface ServerTestStep {
  step: 'dns' | 'connect' | 'tls' | 'auth' | 'sender' | 'ready';
  ok: boolean;
  /** What was found, or the server's words. */
  detail: string;
}

export interface ProbeRequest {
  settings: Settings;
  server: string;
  budget: ProbeBudget;
  again: boolean;
}

export interface ProbeCall {
  /** An id of the caller's choice. */
  probe: string;
  secret: string;
  /** In the person's language; `[Test]` is put before the subject, and the number of the message after it. */
  letter: { subject: string; text: string };
  /** Where the messages are looked for afterwards. */
  mailboxes: readonly WatchedMailbox[];
}

export interface KnownLimits {
  account: string;
  learned: LearnedLimit | null;
  probe: ServerProbe | null;
}

/**
 * The engine as every front door sees it: in process, or over the socket. Every call is idempotent or carries an id
 * that makes it so. Failures are UserErrors on both sides of the pipe.
 */
export interface EngineApi {
  /** Creates a draft under an id of the caller's choice; creating it again empties it. */
  createDraft(request: { draft: string; campaign: CampaignDraft }): Promise<void>;
  addAsset(request: { draft: string; path: string; content: Uint8Array }): Promise<void>;
  /** Appends rows. `sequence` counts from 0; a repeated one is ignored. */
  addRows(request: {
    draft: string;
    sequence: number;
    rows: readonly Recipient[];
    refused: readonly RefusedRow[];
  }): Promise<void>;
  /** Puts the draft on disk as a campaign and starts it (at `startAt`, 0 = now). The reply means: it is on disk. */
  start(request: { draft: string; startAt: number; secrets: Record<string, string> }): Promise<CampaignSnapshot>;
  discard(request: { draft: string }): Promise<void>;

  list(): Promise<readonly CampaignSnapshot[]>;
  get(request: { campaign: string }): Promise<CampaignSnapshot>;
  pause(request: { campaign: string }): Promise<CampaignSnapshot>;
  /** Resumes; retries what needed action. `secrets` are kept in memory only. */
  resume(request: { campaign: string; secrets: Record<string, string> }): Promise<CampaignSnapshot>;
  cancel(request: { campaign: string }): Promise<CampaignSnapshot>;
  /** Queues those who certainly did not get it (rejected without suppression, expired, cancelled) again; `ids` narrows it. */
  resendFailed(request: { campaign: string; ids?: readonly number[] }): Promise<CampaignSnapshot>;
  /** Settles deliveries in doubt: "resend" queues them again, "leave" counts them as sent. */
  decideInDoubt(request: {
    campaign: string;
    decision: 'resend' | 'leave';
    ids?: readonly number[];
  }): Promise<CampaignSnapshot>;
  provideSecrets(request: { secrets: Record<string, string> }): Promise<void>;

  /** What would happen to a campaign of such a list: the engine itself, on a simulated clock, with current usage. */
  foresee(request: ForesightRequest): Promise<Foresight>;
  /** The settings pinned with a campaign. */
  plan(request: { campaign: string }): Promise<{ settings: Settings }>;
  summary(request: { campaign: string }): Promise<ReportSummary>;
  report(request: ReportQuery): Promise<readonly ReportRow[]>;
  /** Rows left out when it was made, without those of suppressed addresses; `after` as in `report`. */
  leftOut(request: { campaign: string; after: number; limit: number }): Promise<readonly LeftOutRow[]>;
  attempts(request: { campaign: string; id: number }): Promise<readonly AttemptRow[]>;

  /** Asks the network about a sender: DNS, and for direct delivery this computer's own connection. No mail is sent. */
  askEvidence(question: SenderQuestion): Promise<readonly EvidenceItem[]>;
  /**
   * Goes as far as a message would, without sending one. `starting`: a campaign over it is about to start, so the result
   * is kept for it: the open connection, or that nothing answers there.
   */
  testServer(request: {
    settings: Settings;
    server: string;
    secret: string;
    starting?: boolean | undefined;
  }): Promise<readonly ServerTestStep[]>;

  /**
   * What an in-depth test would cost; nothing is sent. UserErrors: `unknownServer`, `probeDirect`, `noRecipient`, `probeQuota`,
   * `probeBusy`, and `probedToday` unless `again`.
   */
  planProbe(request: ProbeRequest): Promise<ProbePlan>;
  /**
   * Tests a server in depth: to test recipients of the settings only, within the budget, once a day unless `again`. Resolves
   * when it has ended; the same `probe` again joins the running test. UserErrors as for `planProbe`.
   */
  probeServer(request: ProbeRequest & ProbeCall): Promise<ServerProbe>;
  /** null: it is not running. */
  probeProgress(request: { probe: string }): Promise<ProbeProgress | null>;
  /** The findings so far are its result. */
  stopProbe(request: { probe: string }): Promise<void>;
  /** What is known of the limits of accounts (see `secretKey`). */
  knownLimits(request: { accounts: readonly string[] }): Promise<readonly KnownLimits[]>;

  /** Who has a letter or will have it; campaigns newest first, readers page by page (`after` = the last id). */
  sentBefore(request: { letter: string; after: number; limit: number }): Promise<{
    campaigns: readonly LetterCampaign[];
    readers: readonly { id: number; address: string; campaign: string }[];
  }>;
  /**
   * A paused campaign's remaining readers get the text of this draft, which has no rows and is removed.
   */
  correct(request: { campaign: string; draft: string }): Promise<CampaignSnapshot>;

  /** Removes an ended campaign from the store with everything stored about it; what it used of limits stays. */
  remove(request: { campaign: string }): Promise<void>;

  /** Page by page, `after` the last entry; all, or those of one reason. */
  suppressions(request: {
    after: string;
    limit: number;
    reason?: Suppression['reason'];
  }): Promise<readonly Suppression[]>;
  suppressionCounts(): Promise<Readonly<Record<Suppression['reason'], number>>>;
  suppress(request: { entries: readonly Suppression[] }): Promise<void>;
  /**
   * Erases a person from all campaigns: their deliveries still count but identify nobody. If they had unsubscribed, a hash
   * stays among the suppressions.
   */
  forget(request: { address: string }): Promise<{ deliveries: number; left: boolean }>;
  unsuppress(request: { entries: readonly string[] }): Promise<void>;
  /** Undoes the suppressions made for a campaign's refusals and bounces; unsubscribes stay. Returns the addresses. */
  undoSuppressions(request: { campaign: string }): Promise<readonly string[]>;
  /** Suppresses the readers that the tokens were made for; `at` is when they arrived, epoch ms. */
  unsubscribe(request: { tokens: readonly { token: string; at: number }[] }): Promise<Unsubscribed>;
  /** Does the same with tokens that arrived at an unsubscribe endpoint since the last time. */
  pullUnsubscribes(request: { url: string; secret: string }): Promise<Unsubscribed>;

  /** Reads what came back to a mailbox since the last time, and acts on it; a reading within `withinMs` is not repeated. */
  readMailbox(request: WatchedMailbox & { withinMs?: number }): Promise<MailboxReading>;
  /** Signs in and opens the folder, and says how many messages it holds. Nothing is read or changed. */
  /** Looks once, in all folders, for messages by their Message-ID (`<…>`); those that have not come yet are not among them. */
  findArrivals(request: WatchedMailbox & { messageIds: readonly string[] }): Promise<readonly Arrival[]>;
  tryMailbox(request: WatchedMailbox): Promise<{ messages: number }>;
  /**
   * Reads these now and whenever something arrives while the engine runs, and polls the endpoint. Sources that are not
   * named are no longer watched. Secrets are kept in memory only.
   */
  watchReturns(request: {
    mailboxes: readonly WatchedMailbox[];
    endpoint: { url: string; secret: string } | null;
  }): Promise<void>;
  /** Returned mail for a person to read: replies, and mail that carries no mark of ours. Newest first, at most 2,000. */
  returnedMail(): Promise<readonly ReturnedMail[]>;
  /** Removes such messages from that list; what a person decided about them is a separate call. */
  dismissReturned(request: { ids: readonly number[] }): Promise<void>;
  /**
   * Exports what tokens and bounces need to find their readers, and the suppressions, to a file (an absolute path, mode 600):
   * keys and the addresses of the campaigns of the last 180 days.
   */
  exportState(request: { file: string }): Promise<MovedState>;
  /** Imports such a file of another machine; returns what was new in it. Its campaigns cannot be sent here. */
  importState(request: { file: string }): Promise<MovedState>;
  returnStandings(): Promise<readonly SourceStanding[]>;
  /** Calls back when something has come back, or a standing has changed. */
  onReturned(listener: () => void): { dispose(): void };

  /** Calls back at most about four times a second per campaign, with whole snapshots. */
  onChange(listener: (snapshot: CampaignSnapshot) => void): { dispose(): void };
}
