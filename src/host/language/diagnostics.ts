import * as vscode from 'vscode';
import { DisposableStore } from '../../shared/disposable.ts';
import type { Finding } from '../../shared/errors.ts';
import { uriOf } from '../errors.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { letterStateOf } from '../openLetter/letterState.ts';
import type { Lists } from '../openLetter/lists.ts';
import { asShown, triedToSend } from '../problems/firstSend.ts';
import { diagnosticOf } from '../problems/problems.ts';
import { isNewsletter } from './newsletterDocument.ts';
import { isSettingsFile, settingsFindings } from './settingsFile.ts';

const SETTLE_MS = 400;

interface Shown {
  diagnostic: vscode.Diagnostic;
  finding: Finding;
}

interface Deps {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  lists: Lists;
  /** An open letter uses this list. */
  onList(list: vscode.Uri): void;
}

/**
 * The problems of open newsletters, of their lists, and of Envoi's settings, while they are edited.
 * Every file's problems belong to the open document that found them and go when it is closed.
 */
export class Diagnostics implements vscode.Disposable {
  readonly #deps: Deps;
  readonly #owned = new DisposableStore();
  readonly #collection = this.#owned.add(vscode.languages.createDiagnosticCollection('envoi'));
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Document → file → what it found there. */
  readonly #found = new Map<string, Map<string, Shown[]>>();

  constructor(deps: Deps) {
    this.#deps = deps;
    const { workspace } = vscode;
    this.#owned.add(workspace.onDidOpenTextDocument((document) => this.#soon(document, 0)));
    this.#owned.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#soon(document, SETTLE_MS);
      }),
    );
    this.#owned.add(workspace.onDidCloseTextDocument((document) => this.#forget(document.uri.toString())));
    this.#owned.add(deps.lists.onDidChange(() => this.#all()));
    this.#owned.add(workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('envoi') && this.#all()));
    this.#owned.add(workspace.onDidSaveTextDocument((document) => this.#soon(document, 0)));
    this.#all();
  }

  /** Whether the problems of this file are shown here while it is open. */
  isLive(uri: vscode.Uri): boolean {
    return [...this.#found.values()].some((files) => files.has(uri.toString()));
  }

  /** A person wanted to send it. */
  askedToSend(uri: vscode.Uri): void {
    triedToSend(uri.toString());
    this.#all();
  }

  /** The findings behind our diagnostics, for quick fixes. */
  findingOf(uri: vscode.Uri, diagnostic: vscode.Diagnostic): Finding | undefined {
    for (const files of this.#found.values())
      for (const shown of files.get(uri.toString()) ?? [])
        if (shown.diagnostic.range.isEqual(diagnostic.range) && shown.diagnostic.message === diagnostic.message)
          return shown.finding;
    return undefined;
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#owned.dispose();
  }

  #all(): void {
    for (const document of vscode.workspace.textDocuments) this.#soon(document, SETTLE_MS);
  }

  #soon(document: vscode.TextDocument, ms: number): void {
    const key = document.uri.toString();
    if (!isNewsletter(document) && !isSettingsFile(document)) {
      if (this.#found.has(key)) this.#forget(key);
      return;
    }
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.#check(document).catch((error: unknown) =>
        this.#deps.log.error(error instanceof Error ? error : String(error)),
      );
    }, ms);
    this.#timers.set(key, timer);
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const findings = isSettingsFile(document) ? settingsFindings(document) : await this.#letterFindings(document);
    if (document.isClosed || document.version !== version) return;
    const files = new Map<string, Shown[]>([[document.uri.toString(), []]]);
    for (const finding of findings) {
      const uri = uriOf(finding.place.file);
      // A setting's problem is shown in settings.json; without a line there, at the top of the document.
      const isSetting = finding.place.key?.startsWith('envoi.') === true && !isSettingsFile(document);
      const target = isSetting ? document.uri : uri;
      const shown = {
        diagnostic: this.#diagnosticOf(isSetting ? atTop(finding, document.uri) : finding, document),
        finding,
      };
      files.set(target.toString(), [...(files.get(target.toString()) ?? []), shown]);
    }
    this.#put(document.uri.toString(), files);
  }

  async #letterFindings(document: vscode.TextDocument): Promise<readonly Finding[]> {
    const { letter } = await letterStateOf(document, this.#deps.lists, this.#deps.context);
    for (const uri of letter.list?.uris ?? []) this.#deps.onList(uri);
    const { findingsOf, rowFindings } = await loadCompose();
    return asShown(document.uri.toString(), [...(await findingsOf(letter)), ...rowFindings(letter)]);
  }

  /** A place that names only a line is shown under the words of that line. */
  #diagnosticOf(finding: Finding, document: vscode.TextDocument): vscode.Diagnostic {
    const diagnostic = diagnosticOf(finding);
    const { start } = diagnostic.range;
    if (finding.place.endColumn === undefined && uriOf(finding.place.file).toString() === document.uri.toString()) {
      const line = Math.min(start.line, document.lineCount - 1);
      const { text, firstNonWhitespaceCharacterIndex } = document.lineAt(line);
      diagnostic.range = new vscode.Range(
        line,
        Math.max(start.character, firstNonWhitespaceCharacterIndex),
        line,
        text.trimEnd().length,
      );
    }
    if (finding.code === 'liquidSyntax' || finding.code === 'unknownField') diagnostic.tags = [];
    return diagnostic;
  }

  #put(owner: string, files: Map<string, Shown[]>): void {
    const before = this.#found.get(owner);
    this.#found.set(owner, files);
    for (const file of new Set([...files.keys(), ...(before?.keys() ?? [])])) this.#show(file);
  }

  #forget(owner: string): void {
    clearTimeout(this.#timers.get(owner));
    this.#timers.delete(owner);
    const before = this.#found.get(owner);
    if (!before) return;
    this.#found.delete(owner);
    for (const file of before.keys()) this.#show(file);
  }

  /** Two letters to the same list have the same findings: each problem is shown once. */
  #show(file: string): void {
    const seen = new Map<string, vscode.Diagnostic>();
    for (const files of this.#found.values())
      for (const { diagnostic } of files.get(file) ?? [])
        seen.set(
          `${diagnostic.range.start.line}:${diagnostic.range.start.character}:${diagnostic.message}`,
          diagnostic,
        );
    this.#collection.set(vscode.Uri.parse(file), [...seen.values()]);
  }
}

function atTop(finding: Finding, uri: vscode.Uri): Finding {
  return {
    ...finding,
    place: { file: uri.toString(), line: 1, column: 1, ...(finding.place.key ? { key: finding.place.key } : {}) },
  };
}
