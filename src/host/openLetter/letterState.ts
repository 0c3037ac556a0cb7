import type * as vscode from 'vscode';
import type { ListIndex } from '../../compose/index.ts';
import type { Letter, LetterList } from '../../letter/letter.ts';
import type { Recipient } from '../../shared/recipient.ts';
import type { Settings } from '../../shared/settings.ts';
import { loadCompose } from './compose.ts';
import { type LetterView, letterView } from './letterRenderer.ts';
import { letterSource } from './letterSource.ts';
import type { Lists } from './lists.ts';
import { checkAllowed, exceptUris, listUrisOf } from './listUri.ts';

interface IndexedList extends LetterList {
  uris: readonly vscode.Uri[];
  index: ListIndex;
}

/** Everything the preview and the problems know about an open document at one moment. */
export interface LetterState {
  uri: vscode.Uri;
  version: number;
  letter: Letter<IndexedList>;
  /** The lists it names, read or not. */
  lists: readonly vscode.Uri[];
  /** Null while the letter does not compile. */
  view: LetterView | null;
}

/** Reads the document as it is in the editor, its list and the settings, and makes the letter ready. */
export async function letterStateOf(
  document: vscode.TextDocument,
  lists: Lists,
  context: vscode.ExtensionContext,
): Promise<LetterState> {
  const compose = await loadCompose();
  const { uri, version } = document;
  const source = letterSource(document, context);
  let named: readonly vscode.Uri[] = [];
  const letter = await compose.readLetter<IndexedList>({
    ...source,
    purpose: 'look',
    lines: true,
    async list({ frontMatter }, rules) {
      named = listUrisOf(uri, frontMatter.recipients);
      const [first] = named;
      if (!first) return null;
      for (const list of named) await checkAllowed(uri, list, context);
      const except = await exceptUris(uri, rules.exceptNames, context);
      const index = await lists.get(named, rules, except);
      return { uris: named, name: first.toString(), profile: index.profile, index };
    },
  });
  return { uri, version, letter, lists: named, view: await letterView(compose, letter, source.files, Date.now()) };
}

/** An invented reader to show the letter for while there is no list: all fields are empty. */
export function madeUpReader(settings: Settings): Recipient {
  return { line: 0, address: settings.testRecipients[0] ?? 'reader@example.org', fields: {} };
}
