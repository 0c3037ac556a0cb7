import * as vscode from 'vscode';
import { plural } from '../../shared/words.ts';
import { say } from '../text.ts';
import { type LiquidContext, liquidContextAt } from './liquidContext.ts';
import { frontMatterWords, type LiquidWord, liquidFilters, liquidTags } from './liquidWords.ts';
import { isNewsletter, type NewsletterDocuments, selector } from './newsletterDocument.ts';

export function registerCompletion(documents: NewsletterDocuments): vscode.Disposable {
  const provider: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position) {
      if (!isNewsletter(document)) return undefined;
      const parsed = await documents.parse(document);
      const context = liquidContextAt(document.getText(), document.offsetAt(position));
      if (context) return liquidItems(document, context, documents);
      if (position.line + 1 < parsed.bodyLine) {
        const column = whereColumn(document, position);
        return column ? fieldItems(document, column, true, documents) : frontMatterItems(document, position);
      }
      return undefined;
    },
  };
  return vscode.languages.registerCompletionItemProvider(selector, provider, '{', '%', '|', ' ', ':', '/');
}

/** Where a column's name stands, or begins, in the condition of `where`; null elsewhere, and within quotation marks. */
function whereColumn(document: vscode.TextDocument, position: vscode.Position): vscode.Range | null {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  const condition = /^where[ \t]*:(.*)$/.exec(before)?.[1];
  if (condition === undefined || (condition.match(/"/g) ?? []).length % 2 === 1) return null;
  const word = document.getWordRangeAtPosition(position, /[\p{L}_][\p{L}\p{N}_-]*/u);
  return word && word.start.character > before.indexOf(':') ? word : new vscode.Range(position, position);
}

async function liquidItems(
  document: vscode.TextDocument,
  context: NonNullable<LiquidContext>,
  documents: NewsletterDocuments,
): Promise<vscode.CompletionItem[]> {
  const range = new vscode.Range(document.positionAt(context.from), document.positionAt(context.to));
  switch (context.kind) {
    case 'field':
      return fieldItems(document, range, context.closed, documents);
    case 'filter':
      return liquidFilters().map((word, at) => wordItem(word, range, vscode.CompletionItemKind.Function, at, ''));
    case 'tag':
      return liquidTags().map((word, at) =>
        wordItem(word, range, vscode.CompletionItemKind.Keyword, at, context.closed ? '' : ' %}'),
      );
    default:
      return context satisfies never;
  }
}

async function fieldItems(
  document: vscode.TextDocument,
  range: vscode.Range,
  closed: boolean,
  documents: NewsletterDocuments,
): Promise<vscode.CompletionItem[]> {
  const [list, parsed] = await Promise.all([documents.listOf(document), documents.parse(document)]);
  const items: vscode.CompletionItem[] = [];
  const inOutput = /\{\{-?\s*$/.test(
    document.getText(new vscode.Range(range.start.line, 0, range.start.line, range.start.character)),
  );
  const after = document.getText(new vscode.Range(range.end, range.end.translate(0, 2)));
  const end = closed || !inOutput ? (inOutput && after === '}}' ? ' ' : '') : ' }}';
  const add = (name: string, detail: string, about: vscode.MarkdownString | string, order: string) => {
    const item = new vscode.CompletionItem({ label: name, description: detail }, vscode.CompletionItemKind.Field);
    item.range = range;
    const blankBefore =
      inOutput &&
      /\{\{-?$/.test(document.getText(new vscode.Range(range.start.line, 0, range.start.line, range.start.character)));
    item.insertText = `${blankBefore ? ' ' : ''}${name}${end}`;
    item.filterText = name;
    item.documentation = about;
    item.sortText = order;
    items.push(item);
  };
  for (const [at, field] of (list?.index.profile.fields ?? []).entries())
    add(
      field.name,
      field.values.slice(0, 2).join(', ').slice(0, 40),
      fieldWords(field, list?.index.profile.count ?? 0),
      `0${String(at).padStart(4, '0')}`,
    );
  for (const name of Object.keys(parsed.variables)) add(name, vscode.l10n.t('front matter'), '', `1${name}`);
  for (const name of [
    'unsubscribe_url',
    'postal_address',
    'subject',
    'preheader',
    'address',
    'from_name',
    'from_address',
    'campaign',
  ])
    add(name, vscode.l10n.t('provided by Envoi'), '', `2${name}`);
  return items;
}

/** First values and blanks of a column, as hover and completion show them. */
export function fieldWords(
  field: { title: string; values: readonly string[]; blanks: number; blankLines: readonly (number | string)[] },
  count: number,
): vscode.MarkdownString {
  const shown = new vscode.MarkdownString();
  shown.appendMarkdown(`**${vscode.l10n.t('Column')}** `);
  shown.appendText(field.title);
  shown.appendMarkdown('\n\n');
  for (const value of field.values.slice(0, 3)) {
    shown.appendMarkdown('- ');
    shown.appendText(value.length > 80 ? `${value.slice(0, 79)}…` : value);
    shown.appendMarkdown('\n');
  }
  shown.appendMarkdown('\n');
  shown.appendText(
    field.blanks === 0
      ? say(plural('Filled in the only row.', 'Filled in all {0} rows.', count))
      : say(
          plural(
            'Blank in the only row, line {2}.',
            'Blank in {1} of {0} rows, first at line {2}.',
            count,
            field.blanks,
            String(field.blankLines[0] ?? 0),
          ),
        ),
  );
  return shown;
}

function wordItem(
  word: LiquidWord,
  range: vscode.Range,
  kind: vscode.CompletionItemKind,
  order: number,
  end: string,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(word.name, kind);
  item.range = range;
  item.insertText = new vscode.SnippetString(`${word.snippet}${end}`);
  item.documentation = new vscode.MarkdownString(`${word.about}\n\n\`\`\`liquid\n${word.example}\n\`\`\``);
  item.sortText = String(order).padStart(3, '0');
  return item;
}

async function frontMatterItems(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  const line = document.lineAt(position.line).text;
  const before = line.slice(0, position.character);
  const words = frontMatterWords();
  if (/^\w*$/.test(before)) {
    const range = new vscode.Range(position.line, 0, position.line, position.character);
    const there = new Set(
      [...document.getText(new vscode.Range(0, 0, 60, 0)).matchAll(/^(\w+)[ \t]*:/gm)].map((match) => match[1]),
    );
    return Object.entries(words)
      .filter(([key]) => !there.has(key))
      .map(([key, { about, snippet }]) => {
        // The first words are shown beside the key, so that the details need not be opened.
        const description =
          about
            .replace(/[`*]/g, '')
            .split(/[.;:(]/, 1)[0]
            ?.slice(0, 60) ?? '';
        const item = new vscode.CompletionItem({ label: key, description }, vscode.CompletionItemKind.Property);
        item.range = range;
        item.insertText = new vscode.SnippetString(snippet);
        item.documentation = new vscode.MarkdownString(about);
        return item;
      });
  }
  const key = /^(\w+)[ \t]*:[ \t]*/.exec(before);
  const listKey = /^[ \t]+-[ \t]*/.exec(before) ? 'attachments' : key?.[1];
  if (!listKey) return [];
  const start = key?.[0].length ?? /^[ \t]+-[ \t]*/.exec(before)?.[0].length ?? 0;
  const range = new vscode.Range(position.line, start, position.line, line.length);
  const items = (words[listKey]?.values ?? []).map((value) => {
    const item = new vscode.CompletionItem(value, vscode.CompletionItemKind.EnumMember);
    item.range = range;
    return item;
  });
  return [...items, ...(await pathItems(document, listKey, range))];
}

const patterns: Record<string, string> = {
  recipients: '**/*.{csv,tsv}',
  layout: '**/*.{html,htm}',
  text: '**/*.txt',
  attachments: '**/*.{pdf,png,jpg,jpeg,ics,docx,xlsx,zip,txt}',
};

async function pathItems(
  document: vscode.TextDocument,
  key: string,
  range: vscode.Range,
): Promise<vscode.CompletionItem[]> {
  const pattern = patterns[key];
  if (!pattern) return [];
  const folder = vscode.Uri.joinPath(document.uri, '..');
  const root = vscode.workspace.getWorkspaceFolder(document.uri)?.uri ?? folder;
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(root, pattern), '**/node_modules/**', 200);
  const base = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  return found.flatMap((uri) => {
    if (uri.toString() === document.uri.toString()) return [];
    if (!uri.path.startsWith(base) && key !== 'recipients') return [];
    const path = uri.path.startsWith(base) ? uri.path.slice(base.length) : relative(base, uri.path);
    const item = new vscode.CompletionItem(path, vscode.CompletionItemKind.File);
    item.range = range;
    item.sortText = `${String(path.split('/').length).padStart(2, '0')}${path}`;
    return [item];
  });
}

function relative(from: string, to: string): string {
  const a = from.split('/').slice(0, -1);
  const b = to.split('/');
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
}
