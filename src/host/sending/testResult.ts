import * as vscode from 'vscode';
import type { EngineApi } from '../../protocol/engineApi.ts';
import type { CampaignSnapshot } from '../../shared/campaign.ts';
import { causeWords } from '../../shared/causes.ts';
import { detailWords } from '../../shared/detailText.ts';
import { replyText } from '../../shared/outcome.ts';
import type { ReportRow } from '../../shared/reportRow.ts';
import { showError } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { readConfiguration } from '../settings.ts';
import { say, words } from '../text.ts';
import { attentionWords } from '../views/campaignWords.ts';
import { readBack } from './readBack.ts';

/** The result of a test: with the server's own reply when it was not accepted. */
export async function showTestResult(
  services: HostServices,
  engine: EngineApi,
  snapshot: CampaignSnapshot,
  addresses: readonly string[],
): Promise<void> {
  const to = addresses.join(', ');
  if (snapshot.counts.sent === snapshot.total) {
    const sent = vscode.l10n.t('The test was sent to {0}. Check how it arrived.', to);
    void tellSent(services, sent, snapshot.id).catch((error: unknown) => showError(error, services.log));
    return;
  }
  const rows = await engine.report({ campaign: snapshot.id, after: 0, limit: 20 });
  const failed = rows.find((row) => row.state !== 'sent');
  const blocked = snapshot.attention[0];
  const why = blocked ? attentionWords(blocked, Date.now()) : failed ? rowWords(failed) : '';
  const report = vscode.l10n.t('Show Report');
  const sentence =
    snapshot.counts.deferred > 0 || snapshot.state === 'running'
      ? vscode.l10n.t('The test to {0} has not been sent yet. {1}', to, why)
      : vscode.l10n.t('The test to {0} was not sent. {1}', to, why);
  const chosen = await vscode.window.showErrorMessage(sentence.trim(), report, vscode.l10n.t('Show Log'));
  if (chosen === report) await services.webviews.showReport(snapshot.id);
  else if (chosen !== undefined) services.log.show();
}

/** Where there is a mailbox of the author's own, Envoi looks for them. */
async function tellSent(services: HostServices, sent: string, campaign: string): Promise<void> {
  const { settings } = readConfiguration(undefined, services.context);
  if (Object.keys(settings.mailboxes).length === 0) return void vscode.window.showInformationMessage(sent);
  const read = vscode.l10n.t('Check Arrival');
  if ((await vscode.window.showInformationMessage(sent, read)) === read) await readBack(services, settings, campaign);
}

function inBrackets(text: string): string {
  return text ? `(${text})` : '';
}

function rowWords(row: ReportRow): string {
  const about = row.cause === '' ? undefined : causeWords[row.cause];
  // Without a code there was no reply: the text is our own.
  const reply =
    row.code > 0 ? vscode.l10n.t('The server said: “{0}”', replyText(row)) : inBrackets(detailWords(row.text, words));
  return [about ? `${say(about.title)}.` : '', reply, about ? say(about.remedy) : ''].filter((part) => part).join(' ');
}
