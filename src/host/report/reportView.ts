import { posix } from 'node:path';
import * as vscode from 'vscode';
import { leftOutText } from '../../letter/plan/leftOut.ts';
import type { AttemptRow, ReportSummary } from '../../protocol/engineApi.ts';
import type {
  ReportAction,
  ReportAttempt,
  ReportCause,
  ReportFilter,
  ReportLine,
  ReportTransport,
  ReportView,
} from '../../protocol/reportMessages.ts';
import { returnLines } from '../../shared/cameBackText.ts';
import {
  type CampaignSnapshot,
  countIn,
  type DeliveryState,
  deliveryGroups,
  isOver,
  resendCount,
  type TransportSnapshot,
} from '../../shared/campaign.ts';
import { CATCHER, isCaught } from '../../shared/catcher.ts';
import { causeWords } from '../../shared/causes.ts';
import { detailWords, replyWords } from '../../shared/detailText.ts';
import { totalLeftOut } from '../../shared/leftOut.ts';
import { replyText } from '../../shared/outcome.ts';
import type { ReportRow } from '../../shared/reportRow.ts';
import { setAsideText } from '../../shared/setAside.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import { plural } from '../../shared/words.ts';
import { isWaiting } from '../status/statusOf.ts';
import { say, words } from '../text.ts';
import { attentionWords, stateWords } from '../views/campaignWords.ts';

export const filterStates: Record<ReportFilter, readonly DeliveryState[]> = { all: [], ...deliveryGroups };

/** The engine's data in words. */
export function reportView(summary: ReportSummary, now: number): ReportView {
  const { snapshot } = summary;
  const { counts, refused } = snapshot;
  const setAside = setAsideText(snapshot);
  const sum = (filter: ReportFilter) => countIn(counts, filterStates[filter]);
  return {
    id: snapshot.id,
    subject: subjectWords(snapshot.subject),
    tone: toneOf(snapshot),
    state: stateWords(snapshot),
    about: aboutOf(snapshot, now),
    returns: returnsOf(summary),
    attention: [
      ...(isCaught(snapshot) ? [vscode.l10n.t('Caught on this computer. Nobody received anything.')] : []),
      ...snapshot.attention.map((item) => attentionWords(item, now)),
      ...(setAside ? [say(setAside)] : []),
    ],
    total: snapshot.total,
    counts: {
      all: snapshot.total,
      sent: sum('sent'),
      failed: sum('failed'),
      waiting: sum('waiting'),
      inDoubt: sum('inDoubt'),
      suppressed: sum('suppressed'),
      cancelled: sum('cancelled'),
    },
    refused: snapshot.leftOut
      ? totalLeftOut(snapshot.leftOut)
      : refused.invalid + refused.duplicate + refused.suppressed,
    rate: snapshot.state === 'running' ? snapshot.rate : 0,
    eta:
      snapshot.state === 'running' && snapshot.etaAt > now
        ? vscode.l10n.t('done around {0}', words.time(snapshot.etaAt, now))
        : '',
    causes: summary.causes.map(causeOf),
    transports: snapshot.transports.map((transport) => transportOf(transport, now)),
    domains: summary.domains,
    timeline: summary.timeline,
    leftOut: leftOutWords(snapshot),
    refusedRows: summary.refused.map(({ line, list, address, detail }) => ({
      line,
      list: list ?? 0,
      address,
      text: say(detail),
    })),
    actions: actionsOf(snapshot),
    caught: isCaught(snapshot),
  };
}

function aboutOf(snapshot: CampaignSnapshot, now: number): string {
  const parts = [
    snapshot.kind === 'test' ? vscode.l10n.t('a test') : '',
    vscode.l10n.t(
      '{0} to {1}',
      posix.basename(snapshot.document),
      listsOfCampaign(snapshot)
        .map((list) => posix.basename(list))
        .join(', ') || '–',
    ),
    vscode.l10n.t('started {0}', words.time(Math.max(snapshot.startAt, snapshot.createdAt), now)),
    snapshot.finishedAt > 0 ? vscode.l10n.t('ended {0}', words.time(snapshot.finishedAt, now)) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function toneOf(snapshot: CampaignSnapshot): ReportView['tone'] {
  switch (snapshot.state) {
    case 'running':
      return isWaiting(snapshot) ? 'waiting' : 'running';
    case 'scheduled':
      return 'waiting';
    case 'paused':
      return 'paused';
    case 'needsAction':
      return 'attention';
    case 'done':
      return 'done';
    case 'cancelled':
      return 'cancelled';
    default:
      return snapshot.state satisfies never;
  }
}

function actionsOf(snapshot: CampaignSnapshot): ReportAction[] {
  const { state, counts } = snapshot;
  const actions: ReportAction[] = [];
  if (state === 'running' || state === 'scheduled') actions.push('pause');
  if (state === 'paused' || state === 'needsAction') actions.push('resume');
  if (counts.inDoubt > 0) actions.push('decideInDoubt');
  if (resendCount(snapshot) > 0) actions.push('resendFailed');
  actions.push('exportCsv', 'showSent', 'compare');
  actions.push(isOver(snapshot) ? 'delete' : 'cancel');
  return actions;
}

function causeOf({ state, cause, transport, operator, count, text }: ReportSummary['causes'][number]): ReportCause {
  const { title, meaning, remedy } = causeWords[cause];
  const place = operator || transport;
  return {
    severity: state === 'inDoubt' ? 'doubt' : state === 'deferred' ? 'warning' : 'error',
    count,
    title: place ? vscode.l10n.t('{0}, at {1}', say(title), place) : say(title),
    meaning: say(meaning),
    remedy: say(remedy),
    reply: detailWords(text, words),
    transport: transport === 'direct' ? vscode.l10n.t('direct') : transport,
  };
}

function transportOf(transport: TransportSnapshot, now: number): ReportTransport {
  const until = transport.until > now ? words.time(transport.until, now) : '';
  return {
    name: transport.name === 'direct' ? vscode.l10n.t('direct') : transport.name,
    host: transport.host,
    state: transportState(transport.state, until),
    sent: transport.sent,
    deferred: transport.deferred,
    rejected: transport.rejected,
    quotas: transport.quota.map(({ count, perMs, used }) => ({
      text: vscode.l10n.t('{0} of {1} in {2}', words.number(used), words.number(count), spanWords(perMs)),
      share: count > 0 ? Math.min(1, used / count) : 0,
    })),
    lastError: detailWords(transport.lastError, words),
  };
}

function transportState(state: TransportSnapshot['state'], until: string): string {
  switch (state) {
    case 'ready':
      return vscode.l10n.t('ready');
    case 'resting':
      return until ? vscode.l10n.t('pausing until {0}', until) : vscode.l10n.t('pausing');
    case 'limited':
      return until ? vscode.l10n.t('at its limit until {0}', until) : vscode.l10n.t('at its limit');
    case 'closed':
      return until ? vscode.l10n.t('unavailable, next check at {0}', until) : vscode.l10n.t('unavailable');
    default:
      return state satisfies never;
  }
}

function spanWords(ms: number): string {
  if (ms % 86_400_000 === 0) return say(plural('a day', '{0} days', ms / 86_400_000));
  if (ms % 3_600_000 === 0) return say(plural('an hour', '{0} hours', ms / 3_600_000));
  return say(plural('a second', '{0} seconds', Math.round(ms / 1000)));
}

/** Paths of all lists that a campaign goes to. */
export function listsOfCampaign({ recipients, moreLists }: CampaignSnapshot): readonly string[] {
  return [recipients, ...(moreLists ?? [])];
}

function leftOutWords({ leftOut }: CampaignSnapshot): string {
  const text = leftOut && leftOutText(leftOut);
  return text ? say(text) : '';
}

export function reportLine(row: ReportRow, lists: readonly string[], now: number): ReportLine {
  const cause = row.cause === '' || row.cause === 'delivered' ? '' : say(causeWords[row.cause].title);
  const again =
    row.state === 'deferred' && row.nextAt > now ? vscode.l10n.t('retry at {0}', words.time(row.nextAt, now)) : '';
  return {
    id: row.id,
    line: row.line,
    list: Math.max(0, lists.indexOf(row.list)),
    address: row.address,
    tone: toneOfRow(row.state),
    state: row.state === 'sent' && row.transport === CATCHER ? vscode.l10n.t('caught here') : rowState(row.state),
    detail: [cause, again].filter((part) => part !== '').join(', '),
    reply: replyWords(row, words),
    transport: row.transport === 'direct' ? vscode.l10n.t('direct') : row.transport,
    attempts: row.attempts,
    when: row.at > 0 ? words.time(row.at, now) : '',
  };
}

function toneOfRow(state: DeliveryState): ReportLine['tone'] {
  switch (state) {
    case 'sent':
      return 'sent';
    case 'rejected':
    case 'expired':
      return 'failed';
    case 'queued':
    case 'sending':
    case 'deferred':
      return 'waiting';
    case 'inDoubt':
      return 'doubt';
    case 'suppressed':
    case 'cancelled':
      return 'out';
    default:
      return state satisfies never;
  }
}

export function rowState(state: DeliveryState): string {
  switch (state) {
    case 'queued':
      return vscode.l10n.t('queued');
    case 'sending':
      return vscode.l10n.t('sending');
    case 'deferred':
      return vscode.l10n.t('will be retried');
    case 'sent':
      return vscode.l10n.t('sent');
    case 'rejected':
      return vscode.l10n.t('rejected');
    case 'expired':
      return vscode.l10n.t('expired');
    case 'suppressed':
      return vscode.l10n.t('suppressed');
    case 'inDoubt':
      return vscode.l10n.t('in doubt');
    case 'cancelled':
      return vscode.l10n.t('cancelled');
    default:
      return state satisfies never;
  }
}

export function reportAttempt(attempt: AttemptRow, now: number): ReportAttempt {
  const { end } = attempt;
  const reply =
    end === null
      ? ''
      : end.kind === 'reply'
        ? replyText(end.reply)
        : end.detail
          ? detailWords(end.detail, words)
          : end.code;
  const ms = attempt.endedAt - attempt.startedAt;
  const place = attempt.host ? `${attempt.transport} (${attempt.host})` : attempt.transport;
  return {
    when: words.time(attempt.startedAt, now),
    transport: place,
    took: attempt.endedAt > 0 ? vscode.l10n.t('{0} s', words.number(Math.round(ms / 100) / 10)) : '',
    cause: attempt.cause === '' ? '' : say(causeWords[attempt.cause].title),
    reply,
  };
}

function returnsOf({ snapshot, cameBack, overAll }: ReportSummary): string[] {
  const own = returnLines('campaign', { sent: snapshot.counts.sent, cameBack }, words);
  const all = overAll.sent > snapshot.counts.sent ? returnLines('all', overAll, words) : [];
  return [...new Set([...own, ...all].map(say))];
}
