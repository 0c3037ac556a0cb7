import * as vscode from 'vscode';
import { type Attention, type CampaignSnapshot, failedCount, settledCount } from '../../shared/campaign.ts';
import { isCaught } from '../../shared/catcher.ts';
import { causeWords } from '../../shared/causes.ts';
import { detailWords } from '../../shared/detailText.ts';
import { isWaiting } from '../status/statusOf.ts';
import { say, words } from '../text.ts';

/** Codicon of a campaign's state. */
export function campaignIcon(campaign: CampaignSnapshot): string {
  switch (campaign.state) {
    case 'running':
      return isWaiting(campaign) ? 'clock' : 'sync~spin';
    case 'paused':
      return 'debug-pause';
    case 'scheduled':
      return 'clock';
    case 'needsAction':
      return 'warning';
    case 'cancelled':
      return 'circle-slash';
    case 'done':
      return campaign.counts.inDoubt > 0 ? 'question' : failedCount(campaign) > 0 ? 'pass' : 'pass-filled';
    default:
      return campaign.state satisfies never;
  }
}

export function stateWords(campaign: CampaignSnapshot): string {
  switch (campaign.state) {
    case 'running':
      return isWaiting(campaign) ? vscode.l10n.t('waiting') : vscode.l10n.t('sending');
    case 'paused':
      return vscode.l10n.t('paused');
    case 'scheduled':
      return vscode.l10n.t('scheduled for {0}', words.time(campaign.startAt, Date.now()));
    case 'needsAction':
      return vscode.l10n.t('needs attention');
    case 'cancelled':
      return vscode.l10n.t('cancelled');
    case 'done':
      return vscode.l10n.t('done');
    default:
      return campaign.state satisfies never;
  }
}

/** One short line: `312 of 1,204, sending`. */
export function campaignLine(campaign: CampaignSnapshot): string {
  const count = vscode.l10n.t('{0} of {1}', words.number(settledCount(campaign)), words.number(campaign.total));
  const line = `${count}, ${stateWords(campaign)}`;
  return isCaught(campaign) ? `${line}, ${vscode.l10n.t('caught here')}` : line;
}

/** Why it waits or stopped, and what to do, in a person's words. */
export function attentionWords(attention: Attention, now: number): string {
  const at = 'until' in attention ? words.time(attention.until, now) : '';
  switch (attention.kind) {
    case 'quota':
      return vscode.l10n.t('{0} has reached its quota. Sending resumes at {1}.', attention.transport, at);
    case 'retry':
      return vscode.l10n.t('Some servers asked us to try later. Next attempt at {0}.', at);
    case 'scheduled':
      return vscode.l10n.t('It starts at {0}.', at);
    case 'outsideHours':
      return vscode.l10n.t('Outside the sending hours. Sending resumes at {0}.', at);
    case 'offline':
      return vscode.l10n.t('This computer is offline. Envoi checks again at {0}.', at);
    case 'transportClosed': {
      const { title, remedy } = causeWords[attention.cause];
      // Without a time nothing is tried by itself.
      return attention.until > now
        ? vscode.l10n.t('{0}: {1}. {2} Next attempt at {3}.', attention.transport, say(title), say(remedy), at)
        : vscode.l10n.t('{0}: {1}. {2}', attention.transport, say(title), say(remedy));
    }
    case 'secretMissing':
      return vscode.l10n.t('The password for {0} is missing. Use “Envoi: Resume” to enter it.', attention.transport);
    case 'refused':
      return vscode.l10n.t(
        '{0}: “{1}” {2}',
        say(causeWords[attention.cause].title),
        detailWords(attention.text, words),
        say(causeWords[attention.cause].remedy),
      );
    case 'inDoubt':
      return vscode.l10n.t('In doubt: {0}. Use “Envoi: Resolve In-Doubt Messages…”.', words.number(attention.count));
    case 'burning':
      return burningWords(attention);
    case 'diskFull':
      return vscode.l10n.t('The disk is full. Free some space, then resume. Nothing is lost.');
    case 'missed':
      return vscode.l10n.t(
        'It should have started at {0}, but this computer was off or asleep. Use “Envoi: Resume” to send it now.',
        words.time(attention.at, now),
      );
    case 'brokenCampaign':
      return vscode.l10n.t('It cannot continue: {0}', attention.text);
    default:
      return attention satisfies never;
  }
}

function burningWords({ by, count, of }: Extract<Attention, { kind: 'burning' }>): string {
  return by === 'bounces'
    ? vscode.l10n.t(
        'Stopped: {0} of the first {1} mailboxes no longer exist. A list like this harms your reputation as a sender. Check where it comes from; “Envoi: Resume” continues anyway.',
        words.number(count),
        words.number(of),
      )
    : vscode.l10n.t(
        'Stopped: {0} of {1} readers reported it as spam. Providers block senders for less. Check who it went to; “Envoi: Resume” continues anyway.',
        words.number(count),
        words.number(of),
      );
}
