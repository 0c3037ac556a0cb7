import { realpathSync } from 'node:fs';
import type * as vscode from 'vscode';
import type { Newsletter } from '../../compose/newsletter.ts';
import type { RecipientBatch } from '../../compose/recipients/readRecipients.ts';
import type { Letter as AnyLetter } from '../../letter/letter.ts';
import { letterKey } from '../../letter/letterKey.ts';
import type { ReadersBefore } from '../../letter/readersBefore.ts';
import type { ListSummary } from '../../letter/readList.ts';
import type { Finding } from '../../shared/errors.ts';
import type { Settings } from '../../shared/settings.ts';
import { Cancelled } from '../errors.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { letterSource } from '../openLetter/letterSource.ts';
import { streamOf } from '../openLetter/list.ts';
import { checkAllowed, exceptUris, listUrisOf } from '../openLetter/listUri.ts';

/** Everything that is sent, read once from the open document, its list and the settings. */
export interface Letter extends AnyLetter<EditorList> {
  uri: vscode.Uri;
  newsletter: Newsletter;
  findings: readonly Finding[];
  /** The key that identifies the letter. */
  key: string;
  before: ReadersBefore | null;
  /** Readers who have it get it again. */
  again: boolean;
}

export interface EditorList extends ListSummary {
  uris: readonly vscode.Uri[];
}

export interface GatherOptions {
  context: vscode.ExtensionContext;
  /** Other settings than the person's, for what stays on this computer. */
  adjust?: (settings: Settings) => Settings;
  /** Whether a list is required. A test can be sent without one. */
  needsList: boolean;
  /** Readers who have it get it again. */
  again?: boolean;
  /** Who must not get a letter, or has it; called with its key. */
  before?: (letter: string) => Promise<ReadersBefore>;
  token?: vscode.CancellationToken;
}

/** Findings that prevent sending, thrown together so that they reach the Problems view. */
export class FindingsError extends Error {
  readonly findings: readonly Finding[];
  readonly uri: vscode.Uri;

  constructor(uri: vscode.Uri, findings: readonly Finding[]) {
    super('the newsletter has errors');
    this.name = 'FindingsError';
    this.uri = uri;
    this.findings = findings;
  }
}

/** Reads the editor's present text, saved or not: what is seen is what is sent. */
export async function gatherLetter(document: vscode.TextDocument, options: GatherOptions): Promise<Letter> {
  const { readLetter, readList, findingsOf, exceptList } = await loadCompose();
  const { uri } = document;
  const checkToken = () => {
    if (options.token?.isCancellationRequested) throw new Cancelled();
  };
  const source = letterSource(document, options.context);
  const { settings } = source.settings;
  let before: ReadersBefore | null = null;
  const letter = await readLetter<EditorList>({
    ...source,
    settings: { ...source.settings, settings: options.adjust?.(settings) ?? settings },
    purpose: options.needsList ? 'send' : 'test',
    rows: listBatches,
    async list({ frontMatter }, rules) {
      const named = listUrisOf(uri, frontMatter.recipients);
      if (named.length === 0) return null;
      for (const list of named) await checkAllowed(uri, list, options.context);
      before = (await options.before?.(letterKey({ frontMatter }, placeOf(uri)))) ?? null;
      const had = before && !options.again ? { hadBefore: before.campaignOf } : {};
      const known = before ? { isSuppressed: before.isSuppressed, ...had } : {};
      const uris = await exceptUris(uri, rules.exceptNames, options.context);
      const except = await Promise.all(uris.map((other) => exceptList(streamOf(other), other.toString())));
      const read = { rules: { ...rules, except }, onBatch: checkToken, ...known };
      const lists = named.map((list) => ({ file: list.toString(), open: () => streamOf(list) }));
      return { uris: named, ...(await readList(lists, read)) };
    },
  });
  checkToken();
  const findings = await findingsOf(letter);
  const { newsletter } = letter;
  if (!newsletter || findings.some(({ severity }) => severity === 'error')) throw new FindingsError(uri, findings);
  const key = letterKey(letter.document, placeOf(uri));
  return { ...letter, newsletter, uri, findings, key, before, again: options.again === true };
}

/** The lists again. If one has changed since it was counted, and confirmed, nothing is sent. */
export async function* listBatches({ lists, how }: EditorList): AsyncGenerator<RecipientBatch> {
  const { readSealedLists } = await loadCompose();
  yield* readSealedLists(lists, how);
}

/** Where a document is, the same for the command line. */
function placeOf(uri: vscode.Uri): string {
  if (uri.scheme !== 'file') return uri.toString();
  try {
    return realpathSync(uri.fsPath);
  } catch {
    return uri.fsPath;
  }
}
