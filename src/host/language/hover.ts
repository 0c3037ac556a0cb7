import * as vscode from 'vscode';
import { loadCompose } from '../openLetter/compose.ts';
import { readerName, words } from '../text.ts';
import { clientHover } from './clientHover.ts';
import { fieldWords } from './completion.ts';
import { type LiquidContext, liquidContextAt } from './liquidContext.ts';
import { frontMatterWords, liquidFilters, liquidTags } from './liquidWords.ts';
import { isNewsletter, type NewsletterDocuments, selector } from './newsletterDocument.ts';

/** What a word means: a field by its first values and blanks, a filter or tag by an example, a key by its use. */
export function registerHover(documents: NewsletterDocuments, extension: vscode.ExtensionContext): vscode.Disposable {
  return vscode.languages.registerHoverProvider(selector, {
    async provideHover(document, position) {
      if (!isNewsletter(document)) return undefined;
      const context = contextOf(document, position);
      if (context && context.from < context.to) return hoverOf(document, context, documents);
      const { bodyLine } = await documents.parse(document);
      if (position.line + 1 >= bodyLine) return clientHover(document, position, documents, extension);
      const key = /^(\w+)[ \t]*:/.exec(document.lineAt(position.line).text)?.[1];
      if (key === 'where') return whereHover(document, documents);
      if (!key || position.character > key.length) return undefined;
      const about = frontMatterWords()[key]?.about;
      return about ? new vscode.Hover(new vscode.MarkdownString(about)) : undefined;
    },
  });
}

/** What `where` means, and how many on the list match it. */
async function whereHover(document: vscode.TextDocument, documents: NewsletterDocuments): Promise<vscode.Hover> {
  const about = new vscode.MarkdownString(frontMatterWords().where?.about ?? '');
  const list = await documents.listOf(document);
  if (!list) return new vscode.Hover(about);
  const { count, refused } = list.index.profile;
  const first = await list.index.recipientAt(0);
  about.appendMarkdown('\n\n');
  about.appendText(
    first
      ? vscode.l10n.t(
          'Matches {0} of {1}, first: {2}',
          words.number(count),
          words.number(count + refused.notSelected),
          readerName(first) || first.address,
        )
      : vscode.l10n.t('Matches none of {0}.', words.number(refused.notSelected)),
  );
  return new vscode.Hover(about);
}

/** To the header of the list: where the field's name comes from. */
export function registerDefinition(documents: NewsletterDocuments): vscode.Disposable {
  return vscode.languages.registerDefinitionProvider(selector, {
    async provideDefinition(document, position) {
      if (!isNewsletter(document)) return undefined;
      const context = contextOf(document, position);
      if (context?.kind !== 'field') return undefined;
      const [list, compose, parsed] = await Promise.all([
        documents.listOf(document),
        loadCompose(),
        documents.parse(document),
      ]);
      const name = compose.fieldName(context.name);
      const origin = new vscode.Range(document.positionAt(context.from), document.positionAt(context.to));
      const own = parsed.places[context.name] ?? parsed.places[name];
      if (own && Object.hasOwn(parsed.variables, context.name)) {
        const target = new vscode.Range(
          own.key.line - 1,
          own.key.column - 1,
          own.key.endLine - 1,
          own.key.endColumn - 1,
        );
        return [{ originSelectionRange: origin, targetUri: document.uri, targetRange: target }];
      }
      const found = list
        ? compose
            .listsOf(list.index.profile)
            .flatMap(({ file, header: { fields, line } }) => fields.map((field) => ({ file, line, ...field })))
            .find((field) => field.name === name)
        : undefined;
      if (!found) return undefined;
      const listUri = vscode.Uri.parse(found.file);
      const row = Math.max(0, found.line - 1);
      const header = (await vscode.workspace.openTextDocument(listUri)).lineAt(row).text;
      const at = Math.max(0, header.indexOf(found.title));
      return [
        {
          originSelectionRange: origin,
          targetUri: listUri,
          targetRange: new vscode.Range(row, at, row, at + found.title.length),
        },
      ];
    },
  });
}

function contextOf(document: vscode.TextDocument, position: vscode.Position): LiquidContext {
  // A position between two words belongs to the one before it, so start from the end of the word.
  const range = document.getWordRangeAtPosition(position, /[\p{L}\p{N}_-]+/u);
  return range ? liquidContextAt(document.getText(), document.offsetAt(range.end)) : null;
}

async function hoverOf(
  document: vscode.TextDocument,
  context: NonNullable<LiquidContext>,
  documents: NewsletterDocuments,
): Promise<vscode.Hover | undefined> {
  const range = new vscode.Range(document.positionAt(context.from), document.positionAt(context.to));
  if (context.kind !== 'field') {
    const words = context.kind === 'filter' ? liquidFilters() : liquidTags();
    const word = words.find(({ name }) => name === context.name);
    return (
      word &&
      new vscode.Hover(new vscode.MarkdownString(`${word.about}\n\n\`\`\`liquid\n${word.example}\n\`\`\``), range)
    );
  }
  const [list, compose] = await Promise.all([documents.listOf(document), loadCompose()]);
  const field = list?.index.profile.fields.find(({ name }) => name === compose.fieldName(context.name));
  return field && list ? new vscode.Hover(fieldWords(field, list.index.profile.count), range) : undefined;
}
