import * as vscode from 'vscode';
import { DisposableStore } from '../../shared/disposable.ts';
import { loadCompose } from '../compose.ts';
import { streamOf } from '../sending/list.ts';
import { RecipientTable } from './recipientTable.ts';

const SETTLE_MS = 300;

interface Entry {
  table: Promise<RecipientTable>;
  watcher: vscode.Disposable;
}

/** Lists of recipients in memory, read once and again when they change, in an editor or on disk. */
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
        if (contentChanges.length > 0 && this.#entries.has(document.uri.toString())) this.#forgetSoon(document.uri);
      }),
    );
  }

  /** Rejects with a UserError when the list is not there or is none. */
  get(uri: vscode.Uri): Promise<RecipientTable> {
    const key = uri.toString();
    const known = this.#entries.get(key);
    if (known) return known.table;
    const table = this.#read(uri);
    table.catch(() => undefined);
    this.#entries.set(key, { table, watcher: this.#watch(uri) });
    return table;
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const entry of this.#entries.values()) entry.watcher.dispose();
    this.#entries.clear();
    this.#owned.dispose();
  }

  async #read(uri: vscode.Uri): Promise<RecipientTable> {
    const { readRecipients } = await loadCompose();
    const table = await RecipientTable.read(readRecipients, streamOf(uri), uri.toString());
    if (!table) throw new Error('reading was not to be given up');
    return table;
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
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        this.#entries.get(key)?.watcher.dispose();
        this.#entries.delete(key);
        this.#changed.fire(uri);
      }, SETTLE_MS),
    );
  }
}
