import * as vscode from 'vscode';
import type { ListIndex } from '../../compose/index.ts';
import type { ListRules } from '../../letter/listRules.ts';
import { DisposableStore } from '../../shared/disposable.ts';
import { loadCompose } from './compose.ts';
import { streamOf } from './list.ts';
import { listFileOf } from './listFileOf.ts';

const SETTLE_MS = 300;

interface Entry {
  index: Promise<ListIndex>;
  /** The rules it was read by: another letter, or the same one edited, may have others. */
  how: string;
  stop: AbortController;
  /** The lists it was read from, those under `except` too. */
  files: readonly string[];
  watchers: vscode.Disposable;
}

/** Lists of recipients, read once and again when they change, in an editor or on disk. */
export class Lists implements vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #entries = new Map<string, Entry>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#owned.add(this.#changed);
    this.#owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.#uses(document.uri.toString())) this.#forgetSoon(document.uri);
      }),
    );
  }

  /** A letter's lists, read by these rules. Rejects with a UserError when one is missing or not a list. */
  get(uris: readonly vscode.Uri[], rules: ListRules = {}, except: readonly vscode.Uri[] = []): Promise<ListIndex> {
    const key = uris.join('\n');
    const how = keyOf(rules);
    const known = this.#entries.get(key);
    if (known?.how === how) return known.index;
    this.#forget(key);
    const stop = new AbortController();
    const index = this.#read(uris, rules, except, stop.signal);
    index.catch(() => undefined);
    const all = [...uris, ...except];
    const watchers = vscode.Disposable.from(...all.map((uri) => this.#watch(uri)));
    this.#entries.set(key, { index, how, stop, files: all.map(String), watchers });
    return index;
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const key of [...this.#entries.keys()]) this.#forget(key);
    this.#owned.dispose();
  }

  #uses(file: string): boolean {
    return [...this.#entries.values()].some(({ files }) => files.includes(file));
  }

  async #read(
    uris: readonly vscode.Uri[],
    rules: ListRules,
    exceptUris: readonly vscode.Uri[],
    signal: AbortSignal,
  ): Promise<ListIndex> {
    const { indexLists, memoryList, exceptList } = await loadCompose();
    const except = await Promise.all(exceptUris.map((other) => exceptList(streamOf(other), other.toString())));
    const lists = uris.map(async (uri) => ({ file: uri.toString(), list: await listFileOf(uri, memoryList) }));
    return indexLists(await Promise.all(lists), { ...rules, except, signal });
  }

  #watch(uri: vscode.Uri): vscode.Disposable {
    const folder = vscode.Uri.joinPath(uri, '..');
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/[[\]{}*?]/g, '?');
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, name));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
      event((changed) => changed.toString() === uri.toString() && this.#forgetSoon(uri));
    return watcher;
  }

  #forgetSoon(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      for (const [lists, { files }] of this.#entries) if (files.includes(key)) this.#forget(lists);
      this.#changed.fire(uri);
    }, SETTLE_MS);
    this.#timers.set(key, timer);
  }

  #forget(key: string): void {
    const entry = this.#entries.get(key);
    entry?.stop.abort();
    entry?.watchers.dispose();
    this.#entries.delete(key);
  }
}

/** What the rules say; where they stand in the letter changes with every line above them. */
function keyOf(rules: ListRules): string {
  const { addressPlace: _address, encodingPlace: _encoding, sheetPlace: _sheet, ...said } = rules;
  return JSON.stringify(said);
}
