import type { Mailbox, Newsletter } from '../compose/newsletter.ts';
import type { ColumnStyle } from '../compose/values/cells.ts';
import { deliveryStates } from '../shared/campaign.ts';
import type { Text } from '../shared/errors.ts';
import type { ListDomain, SenderQuestion } from '../shared/evidence.ts';
import { evidenceCodes } from '../shared/evidenceCodes.ts';
import type { Behaviour, ForesightRequest, ListShares, Scenario } from '../shared/foresight.ts';
import { type Recipient, type RefusedRow, refusalReasons } from '../shared/recipient.ts';
import type { ProbeBudget } from '../shared/serverProbe.ts';
import {
  checkCodes,
  checkLevels,
  type DirectSettings,
  type MailboxSettings,
  type Route,
  type SendingHours,
  type ServerSettings,
  type Settings,
} from '../shared/settings.ts';
import type { UnsubscribeLink } from '../shared/unsubscribeProof.ts';
import type { CampaignDraft, EngineApi, PinnedList, ReportQuery, Suppression, WatchedMailbox } from './engineApi.ts';
import {
  anything,
  BadRequest,
  bytes,
  either,
  fields,
  finite,
  list,
  nullable,
  oneOf,
  optional,
  record,
  type Shape,
  someOf,
  text,
  whole,
} from './shape.ts';

/** Every call of the engine that crosses the pipe. A test compares the list with the interface. */
export const engineMethods = [
  'createDraft',
  'addAsset',
  'addRows',
  'start',
  'discard',
  'list',
  'get',
  'pause',
  'resume',
  'cancel',
  'resendFailed',
  'decideInDoubt',
  'provideSecrets',
  'foresee',
  'plan',
  'summary',
  'report',
  'leftOut',
  'attempts',
  'askEvidence',
  'testServer',
  'planProbe',
  'probeServer',
  'probeProgress',
  'stopProbe',
  'knownLimits',
  'sentBefore',
  'correct',
  'remove',
  'suppressions',
  'suppressionCounts',
  'suppress',
  'unsuppress',
  'undoSuppressions',
  'forget',
  'unsubscribe',
  'pullUnsubscribes',
  'readMailbox',
  'findArrivals',
  'tryMailbox',
  'watchReturns',
  'returnedMail',
  'dismissReturned',
  'exportState',
  'importState',
  'returnStandings',
] as const satisfies readonly (keyof EngineApi)[];

export type EngineMethod = (typeof engineMethods)[number];

/** A file pinned with a campaign is at most this large: it crosses the pipe in one message. */
export const MAX_ASSET_BYTES = 64 * 1024 * 1024;

const BODY = 20_000_000;
const id = text(200);
const path = text(4_096);
const address = text(2_000);
const mailbox = fields<Mailbox>({ name: text(), address });
const secrets = record(text(100_000));
const ids = optional(list(whole, 1_000_000));
const names = list(text(), 1_000);
const flag: Shape<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new BadRequest(at, 'true or false');
};

const newsletter = fields<Newsletter>({
  version: oneOf(1),
  kind: oneOf('newsletter', 'internal'),
  subject: text(100_000),
  preheader: text(100_000),
  from: mailbox,
  replyTo: nullable(mailbox),
  toName: optional(text(100_000)),
  html: text(BODY),
  text: text(BODY),
  images: list(fields({ path, cid: text(), type: text() }), 10_000),
  rowImages: optional(list(fields({ path }), 10_000)),
  attachments: list(fields({ path }), 10_000),
  variables: record(anything),
  lang: optional(text(100)),
  columns: optional(
    record(fields<ColumnStyle>({ dates: optional(oneOf('dmy', 'mdy')), decimals: optional(oneOf('.', ',')) })),
  ),
  unsubscribe: fields({ mailto: text(100_000), url: text(100_000) }),
  postalAddress: text(100_000),
  listId: text(),
  feedbackId: text(),
  headers: optional(record(text())),
});

const windows = list(fields({ count: whole, perMs: whole }), 100);

const server = fields<ServerSettings>({
  host: text(),
  port: whole,
  security: oneOf('tls', 'starttls', 'none'),
  user: text(),
  auth: oneOf('password', 'oauth2', 'none'),
  maxConnections: whole,
  maxMessagesPerConnection: whole,
  pipelineDepth: optional(whole),
  windows,
  pause: optional(fields({ every: whole, forMs: whole })),
  caFile: path,
  dkim: oneOf('auto', 'own', 'provider'),
  returnPath: text(),
  headers: record(text()),
});

const route: Shape<Route> = list(either(text(), names), 1000);

const hours = fields<SendingHours>({ days: list(whole, 7), fromMinute: whole, toMinute: whole, zone: text() });

const mailboxSettings = fields<MailboxSettings>({
  host: text(),
  port: whole,
  security: oneOf('tls', 'starttls', 'none'),
  user: text(),
  auth: oneOf('password', 'oauth2'),
  folder: text(),
  authServer: text(),
});

const watchedMailbox = fields<WatchedMailbox>({ mailbox: mailboxSettings, secret: text(100_000) });

const settings = fields<Settings>({
  from: text(),
  replyTo: text(),
  servers: record(server),
  route,
  domainRoutes: record(route),
  directAssumed: optional(flag),
  whenQuotaReached: oneOf('next', 'wait'),
  direct: fields<DirectSettings>({
    hello: text(),
    tls: oneOf('opportunistic', 'required'),
    maxConnectionsPerDestination: whole,
    maxConnections: whole,
    dnsServers: names,
    port: whole,
    ipFamily: oneOf('auto', 'ipv4', 'ipv6'),
    localAddress: text(),
    returnPath: text(),
    warmUp: text(),
  }),
  dkim: record(fields({ selector: text(), privateKeyFile: path })),
  mailboxes: record(mailboxSettings),
  retry: fields({ forMs: whole }),
  keepCampaigns: optional(nullable(fields({ forMs: whole }))),
  sendingHours: nullable(hours),
  unsubscribe: fields({ mailto: text(100_000), url: text(100_000) }),
  postalAddress: text(100_000),
  listId: text(),
  feedbackId: text(),
  testRecipients: names,
  checks: someOf(checkCodes, oneOf(...checkLevels)),
});

/** The argument of a sentence: a value, or a nested sentence, to a limited depth. */
function argument(depth: number): Shape<string | number | Text> {
  return (value, at) => {
    if (typeof value === 'number') return;
    if (typeof value === 'string') text(10_000)(value, at);
    else if (depth === 0) throw new BadRequest(at, 'a text or a number');
    else sentence(depth - 1)(value, at);
  };
}

function sentence(depth: number): Shape<Text> {
  return fields<Text>({ template: text(10_000), args: list(argument(depth), 100), one: optional(text(10_000)) });
}

const behaviour = fields<Behaviour>({
  connectMs: optional(whole),
  messageMs: optional(whole),
  windows: optional(
    list(
      fields<NonNullable<Behaviour['windows']>[number]>({ count: whole, perMs: whole, reply: optional(text()) }),
      20,
    ),
  ),
  maxConnections: optional(whole),
  maxMessagesPerConnection: optional(whole),
  greylists: optional(fields({ share: finite, forMs: whole })),
  unknown: optional(finite),
  drops: optional(fields({ share: finite, at: oneOf('before', 'behind') })),
  down: optional(
    fields<NonNullable<Behaviour['down']>>({
      how: oneOf('refused', 'silent', 'blocked'),
      fromMs: whole,
      forMs: optional(whole),
    }),
  ),
  refuses: optional(text()),
});

const pinned = fields<PinnedList>({ path, sha256: text() });
const refused = fields<RefusedRow>({
  line: whole,
  list: optional(whole),
  address: text(),
  reason: oneOf(...refusalReasons),
  detail: sentence(4),
});
const recipient = fields<Recipient>({ line: whole, list: optional(whole), address, fields: record(text(BODY)) });
const suppressionReason = oneOf('unsubscribed', 'bounced', 'complained', 'blocked');
const suppression = fields<Suppression>({
  entry: address,
  reason: suppressionReason,
  note: text(10_000),
  at: whole,
});

const probeRequest = {
  settings,
  server: text(),
  budget: fields<ProbeBudget>({ messages: whole, forMs: whole }),
  again: flag,
};

/** The shape of each method's request. */
type RequestOf<M extends EngineMethod> = Parameters<EngineApi[M]> extends [infer R] ? R : unknown;

const shapes: { [M in EngineMethod]: Shape<RequestOf<M>> } = {
  createDraft: fields({
    draft: id,
    campaign: fields<CampaignDraft>({
      kind: oneOf('send', 'test'),
      newsletter,
      settings,
      document: fields({ path, text: text(BODY), commit: text() }),
      recipients: fields<CampaignDraft['recipients']>({ path, sha256: text(), more: optional(list(pinned, 1_000)) }),
      hours: optional(hours),
      letter: optional(fields({ key: path, once: text(200), again: flag })),
    }),
  }),
  addAsset: fields({ draft: id, path, content: bytes }),
  addRows: fields({ draft: id, sequence: whole, rows: list(recipient, 100_000), refused: list(refused, 100_000) }),
  start: fields({ draft: id, startAt: whole, secrets }),
  discard: fields({ draft: id }),
  list: anything,
  get: fields({ campaign: id }),
  pause: fields({ campaign: id }),
  resume: fields({ campaign: id, secrets }),
  cancel: fields({ campaign: id }),
  resendFailed: fields<RequestOf<'resendFailed'>>({ campaign: id, ids }),
  decideInDoubt: fields<RequestOf<'decideInDoubt'>>({ campaign: id, decision: oneOf('resend', 'leave'), ids }),
  provideSecrets: fields({ secrets }),
  foresee: fields<ForesightRequest>({
    settings,
    list: fields<ListShares>({
      total: whole,
      domains: record(whole),
      others: whole,
      addresses: optional(list(text(), 10_000)),
    }),
    startAt: whole,
    scenario: optional(fields<Scenario>({ name: text(), behaviours: record(behaviour) })),
  }),
  plan: fields({ campaign: id }),
  summary: fields({ campaign: id }),
  report: fields<ReportQuery>({
    campaign: id,
    states: optional(list(oneOf(...deliveryStates), deliveryStates.length)),
    search: optional(text()),
    after: whole,
    limit: whole,
  }),
  leftOut: fields({ campaign: id, after: whole, limit: whole }),
  attempts: fields({ campaign: id, id: whole }),
  askEvidence: fields<SenderQuestion>({
    from: address,
    settings,
    recipients: whole,
    providers: record(whole),
    domains: names,
    listDomains: optional(
      fields<NonNullable<SenderQuestion['listDomains']>>({
        asked: list(
          fields<ListDomain>({ domain: text(), count: whole, file: path, line: whole, where: text() }),
          1_000,
        ),
        more: whole,
      }),
    ),
    newsletter: flag,
    unsubscribe: optional(fields<UnsubscribeLink>({ link: text(10_000), secret: text(100_000) })),
    only: list(oneOf(...evidenceCodes), evidenceCodes.length),
  }),
  testServer: fields<Parameters<EngineApi['testServer']>[0]>({
    settings,
    server: text(),
    secret: text(100_000),
    starting: optional(flag),
  }),
  planProbe: fields<RequestOf<'planProbe'>>(probeRequest),
  probeServer: fields<RequestOf<'probeServer'>>({
    ...probeRequest,
    probe: id,
    secret: text(100_000),
    letter: fields({ subject: text(1_000), text: text(10_000) }),
    mailboxes: list(watchedMailbox, 100),
  }),
  probeProgress: fields({ probe: id }),
  stopProbe: fields({ probe: id }),
  knownLimits: fields({ accounts: list(text(), 1_000) }),
  sentBefore: fields({ letter: path, after: whole, limit: whole }),
  correct: fields({ campaign: id, draft: id }),
  remove: fields({ campaign: id }),
  suppressions: fields<RequestOf<'suppressions'>>({
    after: address,
    limit: whole,
    reason: optional(suppressionReason),
  }),
  suppressionCounts: anything,
  suppress: fields({
    entries: list(suppression, 1_000_000),
  }),
  forget: fields({ address }),
  unsuppress: fields({ entries: list(address, 1_000_000) }),
  undoSuppressions: fields({ campaign: id }),
  unsubscribe: fields({ tokens: list(fields({ token: text(200), at: whole }), 1_000_000) }),
  readMailbox: fields<RequestOf<'readMailbox'>>({
    mailbox: mailboxSettings,
    secret: text(100_000),
    withinMs: optional(whole),
  }),
  findArrivals: fields({ mailbox: mailboxSettings, secret: text(100_000), messageIds: names }),
  tryMailbox: watchedMailbox,
  watchReturns: fields<RequestOf<'watchReturns'>>({
    mailboxes: list(watchedMailbox, 100),
    endpoint: nullable(fields({ url: text(4_096), secret: text(1_000) })),
  }),
  returnedMail: anything,
  dismissReturned: fields({ ids: list(whole, 10_000) }),
  exportState: fields({ file: path }),
  importState: fields({ file: path }),
  returnStandings: anything,
  pullUnsubscribes: fields({ url: text(4_096), secret: text(1_000) }),
};

/** Throws a BadRequest when a request does not have the shape its method requires. */
export function checkRequest(method: EngineMethod, request: unknown): void {
  shapes[method](request, method);
}
