import * as vscode from 'vscode';
import { loadCompose } from '../openLetter/compose.ts';
import { readConfiguration } from '../settings.ts';
import { words } from '../text.ts';
import type { NewsletterDocuments } from './newsletterDocument.ts';

/** Which mail programs do not show the construct under the pointer, and what share of the list may read there. */
export async function clientHover(
  document: vscode.TextDocument,
  position: vscode.Position,
  documents: NewsletterDocuments,
  context: vscode.ExtensionContext,
): Promise<vscode.Hover | undefined> {
  if (readConfiguration(document.uri, context).settings.checks.clientSupport === 'off') return undefined;
  const { constructAt, supportOf, SUPPORT_DATE } = await loadCompose();
  const found = constructAt(document.getText(), document.offsetAt(position));
  const profile = found ? (await documents.listOf(document))?.index.profile : undefined;
  const support =
    found && supportOf(found.construct, { providers: profile?.providers ?? {}, count: profile?.count ?? 0 });
  if (!found || !support) return undefined;
  const lines = [...support.clients]
    .sort((a, b) => b.percent - a.percent)
    .map(({ name, percent }) =>
      percent < 1
        ? `- ${name}`
        : `- ${name}: ${vscode.l10n.t('{0} of your readers have a mailbox with its provider', words.percent(percent / 100))}`,
    );
  const page = `https://www.caniemail.com/features/${support.slug}/`;
  const source = vscode.l10n.t('Data from [caniemail]({0}), {1}', page, SUPPORT_DATE);
  const title = vscode.l10n.t('**{0}** does not work in:', `\`${support.name}\``);
  const range = new vscode.Range(document.positionAt(found.from), document.positionAt(found.to));
  return new vscode.Hover(new vscode.MarkdownString(`${title}\n\n${lines.join('\n')}\n\n${source}`), range);
}
