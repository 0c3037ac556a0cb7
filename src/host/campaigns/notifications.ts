import * as vscode from 'vscode';
import { type CampaignSnapshot, failedCount, resendCount } from '../../shared/campaign.ts';
import { setAsideText } from '../../shared/setAside.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import { plural } from '../../shared/words.ts';
import { say, words } from '../text.ts';
import { attentionWords } from '../views/campaignWords.ts';
import { type Campaigns, unfinishedStates } from './campaigns.ts';

const WATCHED = 'envoi.unfinished';

/**
 * One notification when a campaign ends, one when it stops and needs a person; nothing in between. Only the focused
 * window shows it; what happened while none was focused or open is shown once, later. Which campaigns are still to be
 * reported survives restarts.
 */
export class Notifications implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #disposables: vscode.Disposable[];
  /** What was already said of a campaign that needs a person. */
  readonly #said = new Map<string, string>();

  constructor(campaigns: Campaigns, memento: vscode.Memento) {
    this.#memento = memento;
    this.#disposables = [
      campaigns.onDidChange((snapshot) => void this.#look(snapshot)),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) for (const snapshot of campaigns.all()) void this.#look(snapshot);
      }),
    ];
  }

  /** Whether campaigns were unfinished when a window last heard of them. */
  static hasUnfinished(memento: vscode.Memento): boolean {
    return memento.get<string[]>(WATCHED, []).length > 0;
  }

  dispose(): void {
    for (const item of this.#disposables.splice(0)) item.dispose();
  }

  async #look(snapshot: CampaignSnapshot): Promise<void> {
    const watched = this.#memento.get<string[]>(WATCHED, []);
    const isWatched = watched.includes(snapshot.id);
    if (unfinishedStates.includes(snapshot.state)) {
      if (!isWatched) await this.#memento.update(WATCHED, [...watched, snapshot.id]);
      if (snapshot.state === 'needsAction') await this.#tellBlocked(snapshot);
      else this.#said.delete(snapshot.id);
      return;
    }
    if (!isWatched || !vscode.window.state.focused) return;
    await this.#memento.update(
      WATCHED,
      watched.filter((id) => id !== snapshot.id),
    );
    if (snapshot.kind === 'send' && snapshot.state === 'done') await tellEnd(snapshot);
  }

  async #tellBlocked(snapshot: CampaignSnapshot): Promise<void> {
    const [attention] = snapshot.attention;
    const why = attention ? attentionWords(attention, Date.now()) : '';
    if (snapshot.kind === 'test' || !vscode.window.state.focused || this.#said.get(snapshot.id) === why) return;
    this.#said.set(snapshot.id, why);
    const resume = vscode.l10n.t('Resume');
    const report = vscode.l10n.t('Show Report');
    const sentence = vscode.l10n.t(
      '“{0}” stopped after {1} of {2}. {3}',
      subjectWords(snapshot.subject),
      words.number(snapshot.counts.sent),
      words.number(snapshot.total),
      why,
    );
    const chosen = await vscode.window.showWarningMessage(sentence.trim(), resume, report);
    if (chosen === resume) await vscode.commands.executeCommand('envoi.resumeCampaign', snapshot.id);
    if (chosen === report) await vscode.commands.executeCommand('envoi.showReport', snapshot.id);
  }
}

async function tellEnd(snapshot: CampaignSnapshot): Promise<void> {
  const failed = failedCount(snapshot);
  const { sent, inDoubt } = snapshot.counts;
  const report = vscode.l10n.t('Show Report');
  if (inDoubt > 0) {
    const decide = vscode.l10n.t('Resolve…');
    const sentence = vscode.l10n.t(
      '“{0}”: {1} sent, {2} failed, {3} in doubt: the connection ended before the server answered.',
      subjectWords(snapshot.subject),
      words.number(sent),
      words.number(failed),
      words.number(inDoubt),
    );
    const chosen = await vscode.window.showWarningMessage(sentence, decide, report);
    if (chosen === decide) await vscode.commands.executeCommand('envoi.decideInDoubt', snapshot.id);
    if (chosen === report) await vscode.commands.executeCommand('envoi.showReport', snapshot.id);
    return;
  }
  if (failed === 0) {
    const sentence = say(
      plural(
        '“{1}”: sent to {0} recipient.',
        '“{1}”: sent to all {0} recipients.',
        sent,
        subjectWords(snapshot.subject),
      ),
    );
    if ((await vscode.window.showInformationMessage(sentence, report)) === report)
      await vscode.commands.executeCommand('envoi.showReport', snapshot.id);
    return;
  }
  const resend = vscode.l10n.t('Resend to Failed…');
  const sentence = vscode.l10n.t(
    '“{0}”: {1} sent, {2} failed.',
    subjectWords(snapshot.subject),
    words.number(sent),
    words.number(failed),
  );
  const setAside = setAsideText(snapshot);
  const whole = setAside ? vscode.l10n.t('{0} {1}.', sentence, say(setAside)) : sentence;
  const offered = resendCount(snapshot) > 0 ? [report, resend] : [report];
  const chosen = await vscode.window.showWarningMessage(whole, ...offered);
  if (chosen === report) await vscode.commands.executeCommand('envoi.showReport', snapshot.id);
  if (chosen === resend) await vscode.commands.executeCommand('envoi.resendFailed', snapshot.id);
}
