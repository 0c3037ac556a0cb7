import * as vscode from 'vscode';
import { listUri } from '../openLetter/listUri.ts';
import { liquidBlocks } from './liquidContext.ts';
import { isNewsletter, type NewsletterDocuments, selector } from './newsletterDocument.ts';

/** The paths of the front matter lead to their files. */
export function registerLinks(documents: NewsletterDocuments): vscode.Disposable {
  return vscode.languages.registerDocumentLinkProvider(selector, {
    async provideDocumentLinks(document) {
      if (!isNewsletter(document)) return [];
      const { frontMatter, places } = await documents.parse(document);
      const links: vscode.DocumentLink[] = [];
      const add = (key: string, target: vscode.Uri | null | undefined) => {
        const place = places[key]?.value;
        if (place && target)
          links.push(
            new vscode.DocumentLink(
              new vscode.Range(place.line - 1, place.column - 1, place.endLine - 1, place.endColumn - 1),
              target,
            ),
          );
      };
      const beside = (path: string) => vscode.Uri.joinPath(document.uri, '..', path);
      for (const [index, path] of (frontMatter.recipients ?? []).entries())
        add(places[`recipients[${index}]`] ? `recipients[${index}]` : 'recipients', listUri(document.uri, path));
      if (frontMatter.layout && frontMatter.layout !== 'default' && frontMatter.layout !== 'none')
        add('layout', beside(frontMatter.layout));
      if (frontMatter.text) add('text', beside(frontMatter.text));
      for (const [index, path] of (frontMatter.attachments ?? []).entries())
        if (!path.includes('{{'))
          add(places[`attachments[${index}]`] ? `attachments[${index}]` : 'attachments', beside(path));
      return links;
    },
  });
}

export function registerFolding(): vscode.Disposable {
  return vscode.languages.registerFoldingRangeProvider(selector, {
    provideFoldingRanges(document) {
      if (!isNewsletter(document)) return [];
      return liquidBlocks(document.getText()).map(
        ({ start, end }) => new vscode.FoldingRange(start, Math.max(start, end - 1)),
      );
    },
  });
}
