import * as vscode from 'vscode';
import { plural } from '../../shared/words.ts';
import type { Lists } from '../openLetter/lists.ts';
import { editorSetting } from '../settings.ts';
import { say } from '../text.ts';
import { isNewsletter, type NewsletterDocuments, selector } from './newsletterDocument.ts';

class SendLens extends vscode.CodeLens {
  readonly document: vscode.TextDocument;

  constructor(range: vscode.Range, document: vscode.TextDocument) {
    super(range);
    this.document = document;
  }
}

/** Preview, Send Test and Send above the front matter. How many is counted only for lenses on the screen. */
export function registerCodeLens(documents: NewsletterDocuments, lists: Lists): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      if (!isNewsletter(document) || editorSetting<boolean>('codeLens', document.uri) === false) return [];
      const top = new vscode.Range(0, 0, 0, 0);
      const lens = (title: string, command: string) =>
        new vscode.CodeLens(top, { title, command, arguments: [document.uri] });
      return [
        lens(vscode.l10n.t('Preview'), 'envoi.previewNewsletter'),
        lens(vscode.l10n.t('Send Test'), 'envoi.sendTest'),
        new SendLens(top, document),
      ];
    },
    async resolveCodeLens(lens) {
      if (!(lens instanceof SendLens)) return lens;
      const { uri } = lens.document;
      const list = await documents.listOf(lens.document);
      const count = list?.index.profile.count ?? 0;
      lens.command = list
        ? {
            title: say(plural('Send to {0} Recipient', 'Send to {0} Recipients', count)),
            command: 'envoi.sendNewsletter',
            arguments: [uri],
          }
        : { title: vscode.l10n.t('Choose Recipients…'), command: 'envoi.chooseRecipients', arguments: [uri] };
      return lens;
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(selector, provider),
    lists.onDidChange(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('envoi') && changed.fire()),
  );
}
