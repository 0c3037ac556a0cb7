import type { DeliveryGroup } from '../shared/campaign.ts';

/** Messages between the report's page and the extension. */
export type ToReport =
  | { type: 'report'; report: ReportView }
  /** `after` 0 starts the list again; otherwise rows are appended to the ones shown. */
  | { type: 'rows'; query: number; after: number; rows: readonly ReportLine[]; more: boolean }
  | { type: 'attempts'; id: number; attempts: readonly ReportAttempt[] }
  | { type: 'failure'; text: string };

export type FromReport =
  | { type: 'ready'; view: ReportState | null }
  | { type: 'query'; query: number; filter: ReportFilter; search: string; after: number }
  | { type: 'attempts'; id: number }
  | { type: 'act'; action: ReportAction }
  /** `list`: which of the campaign's lists, from 0. */
  | { type: 'openLine'; line: number; list: number };

export type ReportAction =
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'resendFailed'
  | 'decideInDoubt'
  | 'exportCsv'
  | 'showSent'
  | 'compare'
  | 'delete';

export type ReportFilter = 'all' | DeliveryGroup;

/** A campaign in words and in numbers; all words are translated already. */
export interface ReportView {
  id: string;
  subject: string;
  /** Tone of the state: colours the badge. */
  tone: 'running' | 'waiting' | 'paused' | 'attention' | 'done' | 'cancelled';
  state: string;
  /** Started, ended, from which files. */
  about: string;
  /** What came back later, for the campaign and in all. */
  returns: readonly string[];
  attention: readonly string[];
  total: number;
  counts: Record<ReportFilter, number>;
  refused: number;
  /** How many for each reason, in words; "" when nobody is left out. */
  leftOut: string;
  /** Messages settled a second; 0 when nothing is being sent. */
  rate: number;
  /** When it will be done, in words, or "". */
  eta: string;
  causes: readonly ReportCause[];
  transports: readonly ReportTransport[];
  /** `other`: in doubt, left out or cancelled. */
  domains: readonly {
    domain: string;
    total: number;
    sent: number;
    failed: number;
    waiting: number;
    other: number;
  }[];
  /** Settled in each span of time, in order. */
  timeline: readonly { at: number; sent: number; failed: number }[];
  refusedRows: readonly { line: number; list: number; address: string; text: string }[];
  actions: readonly ReportAction[];
  /** Everything went to the mailbox on this computer: nothing was sent. */
  caught: boolean;
}

export interface ReportCause {
  severity: 'error' | 'warning' | 'doubt';
  count: number;
  /** "212 at outlook.com: SPF, DKIM or DMARC did not pass". */
  title: string;
  meaning: string;
  remedy: string;
  /** One reply as the server gave it. */
  reply: string;
  transport: string;
}

export interface ReportTransport {
  name: string;
  host: string;
  state: string;
  sent: number;
  deferred: number;
  rejected: number;
  quotas: readonly { text: string; share: number }[];
  lastError: string;
}

export interface ReportLine {
  id: number;
  line: number;
  list: number;
  address: string;
  tone: 'sent' | 'failed' | 'waiting' | 'doubt' | 'out';
  state: string;
  /** Cause, and when it is retried. */
  detail: string;
  reply: string;
  transport: string;
  attempts: number;
  when: string;
}

export interface ReportAttempt {
  when: string;
  transport: string;
  took: string;
  cause: string;
  reply: string;
}

/** What the page keeps across a reload of the window. */
export interface ReportState {
  campaign: string;
  filter: ReportFilter;
  search: string;
  scroll: number;
}

export interface ReportStrings {
  title: string;
  loading: string;
  of: string;
  percent: string;
  sent: string;
  caught: string;
  failed: string;
  waiting: string;
  inDoubt: string;
  suppressed: string;
  cancelled: string;
  other: string;
  all: string;
  refused: string;
  rate: string;
  progress: string;
  chart: string;
  chartEmpty: string;
  causes: string;
  noCauses: string;
  transports: string;
  domains: string;
  recipients: string;
  filter: string;
  search: string;
  noRows: string;
  more: string;
  attempts: string;
  noAttempts: string;
  refusedRows: string;
  domain: string;
  total: string;
  server: string;
  deferred: string;
  rejected: string;
  address: string;
  state: string;
  reply: string;
  when: string;
  line: string;
  openLine: string;
  reload: string;
  actions: Record<ReportAction, string>;
}
