import { posix } from 'node:path';
import * as vscode from 'vscode';
import { fileOf } from '../../compose/recipients/eachList.ts';
import type { FromPreview, PreviewView, ToPreview } from '../../protocol/previewMessages.ts';
import { DisposableStore } from '../../shared/disposable.ts';
import { type Finding, type Place, UserError } from '../../shared/errors.ts';
import type { Recipient } from '../../shared/recipient.ts';
import { openPlace } from '../errors.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { documentFiles } from '../openLetter/documentFiles.ts';
import { type LetterState, letterStateOf, madeUpReader } from '../openLetter/letterState.ts';
import type { Lists } from '../openLetter/lists.ts';
import { Throttle } from '../pages/throttle.ts';
import { pageRoots, post, webviewPage } from '../pages/webviewPage.ts';
import { asShown } from '../problems/firstSend.ts';
import { editorSetting } from '../settings.ts';
import { isMadeOf, watchBeside } from './besideLetter.ts';
import { isFromPreview } from './fromPreview.ts';
import { confirmLink } from './openLink.ts';
import { pickRecipient } from './pickRecipient.ts';
import { previewStrings } from './previewStrings.ts';
import { ScrollSync } from './scrollSync.ts';
import {
  type Failure,
  failureOf,
  failureOfFindings,
  letterOf,
  problemOf,
  recipientsOf,
  sortedFindings,
  sourceOf,
} from './toPage.ts';

export const PREVIEW_TYPE = 'envoi.preview';
const REFRESH_MS = 150;

interface Deps {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  lists: Lists;
}

/**
 * One panel: shows a document as one recipient gets it, and follows its text, its list and its files. Unless it is locked
 * it switches to the letter the person turns to, and it follows a renamed document.
 */
export class PreviewPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly #deps: Deps;
  readonly #owned = new DisposableStore();
  readonly #refresh: Throttle;
  readonly #show: Throttle;
  /** What belongs to the document shown now. */
  #ofDocument = new DisposableStore();
  #uri: vscode.Uri;
  #scroll: ScrollSync;
  #locked: boolean;
  #state: LetterState | undefined;
  #index = 0;
  #letterVersion = 0;
  #recipient: Recipient | undefined;
  #sentImages = new Set<string>();
  #problems: readonly Finding[] = [];
  #failurePlace: Place | undefined;
  #remoteImages = false;
  #ready = false;

  constructor(deps: Deps, uri: vscode.Uri, panel: vscode.WebviewPanel, view: PreviewView | null) {
    this.#deps = deps;
    this.#uri = uri;
    this.#locked = view?.locked === true;
    this.panel = panel;
    this.#index = Math.max(0, view?.index ?? 0);
    const images = view?.images ?? editorSetting<boolean>('preview.remoteImages') === true;
    this.#remoteImages = images && vscode.workspace.isTrusted;
    this.#refresh = this.#owned.add(new Throttle(REFRESH_MS, (isCurrent) => this.#compile(isCurrent)));
    this.#show = this.#owned.add(new Throttle(30, (isCurrent) => this.#render(isCurrent)));
    this.#scroll = this.#follow();
    panel.webview.options = {
      enableScripts: true,
      enableForms: false,
      localResourceRoots: pageRoots(deps.context.extensionUri),
    };
    this.#owned.add(panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isMadeOf(this.#uri, this.#state, document.uri)) this.#refresh.request();
      }),
    );
    this.#owned.add(
      deps.lists.onDidChange(
        (list) => this.#state?.lists.some((own) => own.toString() === list.toString()) && this.refresh(),
      ),
    );
    this.#owned.add(
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('envoi', this.#uri) && this.refresh(),
      ),
    );
    this.#load();
  }

  get uri(): vscode.Uri {
    return this.#uri;
  }

  get locked(): boolean {
    return this.#locked;
  }

  /** Switches to another document, or to the same one under its new name. */
  show(uri: vscode.Uri): void {
    if (uri.toString() === this.#uri.toString()) return this.refresh();
    this.#uri = uri;
    this.#state = undefined;
    this.#failurePlace = undefined;
    this.#sentImages.clear();
    this.#scroll = this.#follow();
    this.#tellDocument();
    this.refresh();
  }

  /** Makes the letter again: something it depends on has changed. */
  refresh(): void {
    this.#refresh.request();
  }

  step(by: 1 | -1): void {
    this.select(this.#index + by);
  }

  select(index: number): void {
    const total = this.#state?.letter.list?.index.profile.count ?? 0;
    if (total === 0) return;
    this.#index = Math.min(total - 1, Math.max(0, index));
    this.#show.request();
  }

  /** Opens the picker of recipients over the editor. */
  async pick(): Promise<void> {
    const list = this.#state?.letter.list;
    if (!list) {
      await vscode.commands.executeCommand('envoi.chooseRecipients', this.#uri);
      return;
    }
    const picked = await pickRecipient(list.index, this.#index);
    if (picked?.kind === 'refused') return openPlace({ file: picked.file, line: picked.line });
    if (picked) this.select(picked.index);
    this.panel.reveal(undefined, false);
  }

  dispose(): void {
    this.#ofDocument.dispose();
    this.#owned.dispose();
    this.panel.dispose();
  }

  #follow(): ScrollSync {
    this.#ofDocument.dispose();
    this.#ofDocument = new DisposableStore();
    this.#ofDocument.add(watchBeside(this.#uri, () => this.refresh()));
    this.#name();
    return this.#ofDocument.add(new ScrollSync(this.#uri, (line) => this.#send({ type: 'scrollTo', line })));
  }

  #name(): void {
    const name = posix.basename(this.#uri.path);
    this.panel.title = this.#locked ? vscode.l10n.t('[Preview] {0}', name) : vscode.l10n.t('Preview {0}', name);
  }

  #tellDocument(): void {
    const name = posix.basename(this.#uri.path);
    this.#send({ type: 'document', document: { uri: this.#uri.toString(), name, locked: this.#locked } });
  }

  #load(): void {
    this.#ready = false;
    this.panel.webview.html = webviewPage(this.panel.webview, {
      extensionUri: this.#deps.context.extensionUri,
      script: 'preview',
      title: this.panel.title,
      strings: previewStrings(),
      data: {
        document: this.#uri.toString(),
        name: posix.basename(this.#uri.path),
        locked: this.#locked ? 'yes' : 'no',
        images: this.#remoteImages ? 'yes' : 'no',
      },
      remoteImages: this.#remoteImages,
    });
  }

  /** Messages to a page that is not loaded are lost; it says "ready" and then gets everything. */
  #send(message: ToPreview): void {
    if (this.#ready) void post(this.panel.webview, message);
  }

  #receive(message: unknown): void {
    if (!isFromPreview(message)) return;
    this.#handle(message).catch((error: unknown) => {
      this.#deps.log.error(error instanceof Error ? error : String(error));
    });
  }

  async #handle(message: FromPreview): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#sentImages.clear();
        if (message.view && message.view.index >= 0) this.#index = message.view.index;
        // A restored panel returns to its position; a new one starts where the editor is.
        else this.#scroll.toPage();
        if (this.#state) this.#show.request();
        else this.#refresh.request();
        return;
      case 'step':
        return this.step(message.by);
      case 'jump':
        return this.#jump(message.to);
      case 'pickRecipient':
        return this.pick();
      case 'source':
        return this.#sendSource(message.version);
      case 'scrolled':
        if (this.#syncs()) this.#scroll.toEditor(message.line);
        return;
      case 'reveal':
        return openPlace({ file: this.#uri.toString(), line: Math.floor(message.line) });
      case 'openProblem': {
        const place = message.index === -1 ? this.#failurePlace : this.#problems[message.index]?.place;
        if (place) await openPlace(place);
        return;
      }
      case 'openLink':
        return confirmLink(message.url);
      case 'openAttachment':
        return this.#openAttachment(message.index);
      case 'allowImages':
        this.#remoteImages = message.allowed && vscode.workspace.isTrusted;
        return this.#load();
      case 'lock':
        this.#locked = message.locked;
        this.#name();
        return;
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      default:
        message satisfies never;
    }
  }

  async #compile(isCurrent: () => boolean): Promise<void> {
    try {
      const document = await vscode.workspace.openTextDocument(this.#uri);
      const state = await letterStateOf(document, this.#deps.lists, this.#deps.context);
      if (!isCurrent()) return;
      this.#state = state;
      this.#sentImages.clear();
      await this.#render(isCurrent);
    } catch (error) {
      if (isCurrent()) this.#fail(error);
    }
  }

  async #render(isCurrent: () => boolean): Promise<void> {
    const state = this.#state;
    if (!state || !this.#ready) return;
    const { letter, view } = state;
    if (!view) {
      await this.#sendProblems(state);
      this.#sendFailure(failureOfFindings(letter.found.document));
      return;
    }
    const index = letter.list?.index;
    if (index) this.#index = Math.min(this.#index, Math.max(0, index.profile.count - 1));
    const recipient = (await index?.recipientAt(this.#index)) ?? madeUpReader(letter.settings);
    if (!isCurrent()) return;
    this.#recipient = recipient;
    try {
      const files = documentFiles(this.#uri);
      const made = await letterOf(view, recipient, files, (cid) => this.#sentImages.has(cid));
      if (!isCurrent()) return;
      for (const { cid } of made.images) this.#sentImages.add(cid);
      if (made.images.length > 0) this.#send({ type: 'images', images: made.images });
      this.#sendFailure(null);
      this.#send({ type: 'letter', letter: { version: ++this.#letterVersion, ...made.letter } });
      void made.linesLater?.then(() => this.#state === state && this.#show.request()).catch(() => {});
    } catch (error) {
      if (!isCurrent()) return;
      this.#fail(error);
    }
    this.#send({ type: 'recipients', recipients: recipientsOf(state, recipient, this.#index) });
    await this.#sendProblems(state);
  }

  #fail(error: unknown): void {
    if (!(error instanceof UserError)) this.#deps.log.error(error instanceof Error ? error : String(error));
    this.#sendFailure(failureOf(error));
  }

  #sendFailure(failed: Failure | null): void {
    this.#failurePlace = failed?.place;
    this.#send({ type: 'failure', failure: failed?.failure ?? null });
  }

  async #sendProblems({ letter }: LetterState): Promise<void> {
    const { findingsOf } = await loadCompose();
    this.#problems = sortedFindings(asShown(this.#uri.toString(), await findingsOf(letter)));
    this.#send({ type: 'problems', problems: this.#problems.map(problemOf) });
  }

  async #jump(to: 'longest' | 'blanks' | 'invalid'): Promise<void> {
    const list = this.#state?.letter.list;
    if (!list) return;
    const { profile } = list.index;
    const { jumps, refusals } = profile;
    switch (to) {
      case 'longest':
        return this.#selectFound(jumps.longest);
      case 'blanks':
        return this.#selectFound(jumps.withBlanks);
      case 'invalid': {
        const first = refusals[0];
        if (first) await openPlace({ file: fileOf(profile, first), line: first.line });
        return;
      }
      default:
        to satisfies never;
    }
  }

  #selectFound(index: number): void {
    if (index >= 0) this.select(index);
  }

  async #sendSource(version: number): Promise<void> {
    const state = this.#state;
    if (version !== this.#letterVersion || !state?.view || !this.#recipient) return;
    const source = await sourceOf(state.view, this.#recipient);
    if (version === this.#letterVersion) this.#send({ type: 'source', version, source });
  }

  async #openAttachment(index: number): Promise<void> {
    const view = this.#state?.view;
    if (!view || !this.#recipient) return;
    const { rendered } = await view.render(this.#recipient);
    const path = rendered.attachments[index]?.path;
    if (path === undefined) return;
    await documentFiles(this.#uri).read(path);
    await vscode.commands.executeCommand(
      'vscode.open',
      vscode.Uri.joinPath(this.#uri, '..', path),
      vscode.ViewColumn.One,
    );
  }

  #syncs(): boolean {
    return editorSetting<boolean>('preview.scrollSync', this.#uri) !== false;
  }
}
