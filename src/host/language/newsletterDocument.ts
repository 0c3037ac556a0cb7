import * as vscode from 'vscode';
import type { Document, ListIndex } from '../../compose/index.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { pathOf } from '../openLetter/letterSource.ts';
import type { Lists } from '../openLetter/lists.ts';
import { checkAllowed, exceptUris, listUrisOf } from '../openLetter/listUri.ts';
import { looksLikeNewsletter } from '../openLetter/looksLikeNewsletter.ts';

/** All schemes: remote, virtual and unsaved documents are newsletters too. */
export const selector: vscode.DocumentSelector = [{ language: 'markdown' }, { language: 'html' }, { language: 'mjml' }];

export const languages: readonly string[] = ['markdown', 'html', 'mjml'];

/** Cheap, and false for any README: every feature checks it first. */
export function isNewsletter(document: vscode.TextDocument): boolean {
  return (
    languages.includes(document.languageId) && looksLikeNewsletter(document.getText(new vscode.Range(0, 0, 200, 0)))
  );
}

interface Seen {
  version: number;
  parsed: Promise<Document>;
}

/** What the language features know of a document; parsed once a version. */
export class NewsletterDocuments {
  readonly #lists: Lists;
  readonly #context: vscode.ExtensionContext;
  readonly #seen = new WeakMap<vscode.TextDocument, Seen>();

  constructor(lists: Lists, context: vscode.ExtensionContext) {
    this.#lists = lists;
    this.#context = context;
  }

  parse(document: vscode.TextDocument): Promise<Document> {
    const seen = this.#seen.get(document);
    if (seen?.version === document.version) return seen.parsed;
    const text = document.getText();
    const parsed = loadCompose().then((compose) => compose.parseDocument(text, pathOf(document)));
    this.#seen.set(document, { version: document.version, parsed });
    return parsed;
  }

  /** The document's list; null when there is none that could be read. */
  async listOf(document: vscode.TextDocument): Promise<{ uri: vscode.Uri; index: ListIndex } | null> {
    const parsed = await this.parse(document);
    try {
      const uris = listUrisOf(document.uri, parsed.frontMatter.recipients);
      const [uri] = uris;
      if (!uri) return null;
      for (const list of uris) await checkAllowed(document.uri, list, this.#context);
      const { listRules } = await loadCompose();
      const except = await exceptUris(document.uri, parsed.frontMatter.except, this.#context);
      return { uri, index: await this.#lists.get(uris, listRules(parsed), except) };
    } catch {
      // The reason is among the problems.
      return null;
    }
  }
}
