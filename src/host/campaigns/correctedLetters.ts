import * as vscode from 'vscode';
import { subjectWords } from '../../shared/subjectWords.ts';
import { uriOf } from '../errors.ts';
import { words } from '../text.ts';
import type { Campaigns } from './campaigns.ts';

/** When the letter of a paused campaign is saved, resuming is offered: once per pause. */
export class CorrectedLetters implements vscode.Disposable {
  readonly #offered = new Set<string>();
  readonly #disposables: vscode.Disposable[];

  constructor(campaigns: Campaigns) {
    this.#disposables = [
      campaigns.onDidChange(({ id, state }) => state === 'running' && this.#offered.delete(id)),
      vscode.workspace.onDidSaveTextDocument((document) => void this.#offer(campaigns, document)),
    ];
  }

  dispose(): void {
    for (const item of this.#disposables.splice(0)) item.dispose();
  }

  async #offer(campaigns: Campaigns, { uri }: vscode.TextDocument): Promise<void> {
    const paused = campaigns
      .inState('paused', 'needsAction')
      .find(({ kind, document }) => kind === 'send' && uriOf(document).toString() === uri.toString());
    if (!paused || this.#offered.has(paused.id)) return;
    this.#offered.add(paused.id);
    const sentence = vscode.l10n.t(
      '“{0}” is paused after {1} of {2}.',
      subjectWords(paused.subject),
      words.number(paused.counts.sent),
      words.number(paused.total),
    );
    const goOn = vscode.l10n.t('Continue with the Corrected Letter…');
    if ((await vscode.window.showInformationMessage(sentence, goOn)) === goOn)
      await vscode.commands.executeCommand('envoi.resumeCampaign', paused.id);
  }
}
