import * as vscode from 'vscode';
import type { CaughtLetter } from '../../catcher/index.ts';
import type { FromMailbox, MailboxLine, ToMailbox } from '../../protocol/mailboxMessages.ts';
import type { PreviewLetter } from '../../protocol/previewMessages.ts';
import { DisposableStore } from '../../shared/disposable.ts';
import { Throttle } from '../pages/throttle.ts';
import { pageRoots, post, webviewPage } from '../pages/webviewPage.ts';
import { confirmLink } from '../preview/openLink.ts';
import { words } from '../text.ts';
import { isFromMailbox } from './fromMailbox.ts';
import type { CaughtMailbox } from './mailbox.ts';
import { mailboxStrings } from './mailboxStrings.ts';

const TYPE = 'envoi.mailbox';
const REFRESH_MS = 300;

/** The caught letters as a mail program shows them: a list, and the letter with its parts. One panel a window. */
export class MailboxPanel implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #mailbox: CaughtMailbox;
  readonly #log: vscode.LogOutputChannel;
  readonly #owned = new DisposableStore();
  readonly #refresh: Throttle;
  #panel: vscode.WebviewPanel | undefined;
  #ready = false;
  #version = 0;

  constructor(context: vscode.ExtensionContext, mailbox: CaughtMailbox, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#mailbox = mailbox;
    this.#log = log;
    this.#refresh = this.#owned.add(new Throttle(REFRESH_MS, (isCurrent) => this.#list(isCurrent)));
    this.#owned.add(mailbox.onDidChange(() => this.#refresh.request()));
    this.#owned.add(
      vscode.window.registerWebviewPanelSerializer(TYPE, {
        deserializeWebviewPanel: async (panel) => (this.#panel ? panel.dispose() : this.#adopt(panel)),
      }),
    );
  }

  show(): void {
    if (this.#panel) this.#panel.reveal();
    else this.#adopt(vscode.window.createWebviewPanel(TYPE, '', vscode.ViewColumn.Active));
  }

  dispose(): void {
    this.#owned.dispose();
    this.#panel?.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#ready = false;
    panel.title = vscode.l10n.t('Caught Messages');
    const icon = (name: string) => vscode.Uri.joinPath(this.#context.extensionUri, 'media', name);
    panel.iconPath = { light: icon('tabLight.svg'), dark: icon('tabDark.svg') };
    panel.webview.options = {
      enableScripts: true,
      enableForms: false,
      localResourceRoots: pageRoots(this.#context.extensionUri),
    };
    const listening = panel.webview.onDidReceiveMessage((message: unknown) => {
      if (isFromMailbox(message))
        this.#handle(message).catch((error: unknown) =>
          this.#log.error(error instanceof Error ? error : String(error)),
        );
    });
    panel.onDidDispose(() => {
      listening.dispose();
      if (this.#panel === panel) this.#panel = undefined;
    });
    panel.webview.html = webviewPage(panel.webview, {
      extensionUri: this.#context.extensionUri,
      script: 'mailbox',
      title: panel.title,
      strings: mailboxStrings(),
      data: {},
      remoteImages: false,
    });
  }

  #send(message: ToMailbox): void {
    if (this.#panel && this.#ready) void post(this.#panel.webview, message);
  }

  async #handle(message: FromMailbox): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#refresh.request();
        return;
      case 'open': {
        const letter = await this.#mailbox.read(message.id);
        if (!letter) return this.#refresh.request();
        this.#send({ type: 'images', images: letter.images });
        this.#send({
          type: 'letter',
          id: letter.id,
          letter: shownLetter(letter, ++this.#version),
          source: letter.source,
        });
        return;
      }
      case 'openAttachment':
        return this.#saveAttachment(message.id, message.index);
      case 'openLink':
        return confirmLink(message.url);
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'deleteAll':
        return this.#mailbox.deleteAll();
      default:
        message satisfies never;
    }
  }

  async #list(isCurrent: () => boolean): Promise<void> {
    if (!this.#panel || !this.#ready) return;
    const now = Date.now();
    const letters = (await this.#mailbox.list()).map(
      ({ id, from, to, subject, date }): MailboxLine => ({
        id,
        from,
        to,
        subject,
        when: date ? words.time(date, now) : '',
      }),
    );
    if (isCurrent()) this.#send({ type: 'letters', letters });
  }

  async #saveAttachment(id: string, index: number): Promise<void> {
    const file = (await this.#mailbox.read(id))?.attachments[index];
    if (!file) return;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const name = file.name.replace(/[\\/:*?"<>|]/g, '_');
    const target = await vscode.window.showSaveDialog({
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
      title: vscode.l10n.t('Save the Attachment'),
    });
    if (target) await vscode.workspace.fs.writeFile(target, file.bytes);
  }
}

function shownLetter(letter: CaughtLetter, version: number): PreviewLetter {
  return {
    version,
    from: { name: letter.fromName, address: letter.fromAddress },
    to: letter.to,
    subject: letter.subject,
    preheader: '',
    html: letter.html || `<pre style="white-space:pre-wrap">${escaped(letter.text)}</pre>`,
    text: letter.text,
    bodyLine: 1,
    hasLines: false,
    size: Buffer.byteLength(letter.html, 'utf8'),
    attachments: letter.attachments.map(({ name, mime, bytes }) => ({ name, mime, size: bytes.byteLength })),
    date: letter.date,
  };
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
