import * as vscode from 'vscode';
import type { ListIndex } from '../../compose/index.ts';
import { goesOnlyDirect } from '../../letter/plan/routeText.ts';
import { plural } from '../../shared/words.ts';
import type { Lists } from '../openLetter/lists.ts';
import { editorSetting, readConfiguration } from '../settings.ts';
import { readerName, say, words } from '../text.ts';
import { isNewsletter, type NewsletterDocuments, selector } from './newsletterDocument.ts';

type Kind = 'preview' | 'send';

class ListLens extends vscode.CodeLens {
  readonly document: vscode.TextDocument;
  readonly kind: Kind;

  constructor(document: vscode.TextDocument, kind: Kind) {
    super(TOP);
    this.document = document;
    this.kind = kind;
  }
}

const TOP = new vscode.Range(0, 0, 0, 0);

/**
 * Above the front matter: the preview as its first reader, the test, and the list with who is left out; without a list,
 * the one nearby. Rows are counted only for lenses on the screen. Restricted Mode sends nothing and offers nothing.
 */
export function registerCodeLens(
  documents: NewsletterDocuments,
  lists: Lists,
  context: vscode.ExtensionContext,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      if (!isNewsletter(document) || editorSetting<boolean>('codeLens', document.uri) === false) return [];
      const preview = new ListLens(document, 'preview');
      if (!vscode.workspace.isTrusted) return [preview];
      const lens = (title: string, command: string) =>
        new vscode.CodeLens(TOP, { title, command, arguments: [document.uri] });
      const hasServer = !goesOnlyDirect(readConfiguration(document.uri, context).settings);
      return [
        preview,
        ...(hasServer
          ? [lens(vscode.l10n.t('Send Test'), 'envoi.sendTest')]
          : [lens(vscode.l10n.t('Try It Here'), 'envoi.tryHere')]),
        new ListLens(document, 'send'),
      ];
    },
    async resolveCodeLens(lens) {
      if (!(lens instanceof ListLens)) return lens;
      const list = await documents.listOf(lens.document);
      const { uri } = lens.document;
      lens.command =
        lens.kind === 'preview'
          ? { title: await previewTitle(list?.index), command: 'envoi.previewNewsletter', arguments: [uri] }
          : list
            ? { title: sendTitle(list.index), command: 'envoi.sendNewsletter', arguments: [uri] }
            : await nearbyList(uri);
      return lens;
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(selector, provider),
    lists.onDidChange(() => changed.fire()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('envoi') && changed.fire()),
  );
}

async function previewTitle(index: ListIndex | undefined): Promise<string> {
  const first = await index?.recipientAt(0);
  const name = first ? readerName(first) : '';
  return name ? vscode.l10n.t('Preview as {0}', name.slice(0, 40)) : vscode.l10n.t('Preview');
}

function sendTitle({ profile }: ListIndex): string {
  const send = say(plural('Send to {0} Recipient', 'Send to {0} Recipients', profile.count));
  const out = Object.values(profile.refused).reduce((sum, count) => sum + count, 0);
  return out > 0 ? `${send} · ${vscode.l10n.t('{0} left out', words.number(out))}` : send;
}

/** The only list in the letter's folder is offered by its name. */
async function nearbyList(document: vscode.Uri): Promise<vscode.Command> {
  const choose = { title: vscode.l10n.t('Choose Recipients…'), command: 'envoi.chooseRecipients' };
  if (document.scheme === 'untitled') return { ...choose, arguments: [document] };
  const files = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(document, '..')).then(
    (found) => found,
    () => [],
  );
  const near = files.filter(([name, type]) => type === vscode.FileType.File && /\.(?:csv|tsv)$/i.test(name));
  const [only] = near;
  if (!only || near.length > 1) return { ...choose, arguments: [document] };
  return {
    title: vscode.l10n.t('Send to the People in {0}…', only[0]),
    command: 'envoi.chooseRecipients',
    arguments: [vscode.Uri.joinPath(document, '..', only[0])],
  };
}
