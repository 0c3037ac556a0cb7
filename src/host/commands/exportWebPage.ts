import { posix } from 'node:path';
import * as vscode from 'vscode';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { documentFiles, folderOf } from '../openLetter/documentFiles.ts';
import { gatherLetter } from '../sending/letter.ts';
import { targetDocument } from '../sending/target.ts';

/** Makes a web page of the letter for an archive, with the defaults instead of a reader's values. */
export async function exportWebPage(services: HostServices, argument: unknown): Promise<void> {
  const document = await targetDocument(argument);
  const { webPageOf, UNSUBSCRIBE_PLACEHOLDER } = await loadCompose();
  const letter = await gatherLetter(document, {
    context: services.context,
    needsList: false,
    adjust: (settings) => ({
      ...settings,
      from: settings.from || 'page@example.org',
      postalAddress: settings.postalAddress || '–',
      unsubscribe: { mailto: '', url: UNSUBSCRIBE_PLACEHOLDER },
    }),
  });
  const files = documentFiles(document.uri);
  const page = await webPageOf(letter.newsletter, (path) => files.read(path), Date.now());
  const name = posix.basename(document.uri.path).replace(/\.[^.]*$/, '') || 'newsletter';
  const target = notCancelled(
    await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folderOf(document.uri), `${name}.web.html`),
      filters: { HTML: ['html'] },
      title: vscode.l10n.t('Export as Web Page'),
    }),
  );
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(page));
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      '{0} contains the letter without any reader’s values. Add its web address to the front matter as “web_url”, and link to it with {1}.',
      posix.basename(target.path),
      '{{ web_url }}',
    ),
  );
}
