import type * as vscode from 'vscode';
import type { Newsletter } from '../../compose/newsletter.ts';
import type { Letter as AnyLetter } from '../../letter/letter.ts';
import type { ListSummary } from '../../letter/readList.ts';
import type { Finding } from '../../shared/errors.ts';
import type { Settings } from '../../shared/settings.ts';
import { Cancelled } from '../errors.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { letterSource } from '../openLetter/letterSource.ts';
import { streamOf } from '../openLetter/list.ts';
import { checkAllowed, listUriOf } from '../openLetter/listUri.ts';

/** Everything that is sent, gathered once from the open document, its list and the settings. */
export interface Letter extends AnyLetter<EditorList> {
  uri: vscode.Uri;
  newsletter: Newsletter;
  findings: readonly Finding[];
}

export interface EditorList extends ListSummary {
  uri: vscode.Uri;
}

export interface GatherOptions {
  context: vscode.ExtensionContext;
  /** Other settings than the person's, for what stays on this computer. */
  adjust?: (settings: Settings) => Settings;
  /** Whether a list must be there. A test can go out without one. */
  needsList: boolean;
  /** Addresses and domains that get nothing. */
  isSuppressed?: (address: string) => boolean;
  token?: vscode.CancellationToken;
}

/** Findings that forbid sending, thrown together so that they reach the Problems view. */
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

/** Reads the editor's text as it is now, unsaved or not: what is seen is what is sent. */
export async function gatherLetter(document: vscode.TextDocument, options: GatherOptions): Promise<Letter> {
  const { readLetter, readList, findingsOf } = await loadCompose();
  const { uri } = document;
  const checkToken = () => {
    if (options.token?.isCancellationRequested) throw new Cancelled();
  };
  const source = letterSource(document, options.context);
  const { settings } = source.settings;
  const letter = await readLetter<EditorList>({
    ...source,
    settings: { ...source.settings, settings: options.adjust?.(settings) ?? settings },
    purpose: options.needsList ? 'send' : 'test',
    async list({ frontMatter }, rules) {
      const list = listUriOf(uri, frontMatter.recipients);
      if (!list) return null;
      await checkAllowed(uri, list, options.context);
      const { isSuppressed } = options;
      const read = { name: list.toString(), rules, onBatch: checkToken, ...(isSuppressed ? { isSuppressed } : {}) };
      return { uri: list, ...(await readList(() => streamOf(list), read)) };
    },
  });
  checkToken();
  const findings = await findingsOf(letter);
  const { newsletter } = letter;
  if (!newsletter || findings.some(({ severity }) => severity === 'error')) throw new FindingsError(uri, findings);
  return { ...letter, newsletter, uri, findings };
}
