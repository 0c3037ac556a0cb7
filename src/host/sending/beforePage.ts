import * as vscode from 'vscode';
import type { BeforeAction } from '../../letter/plan/beforeYouSend.ts';
import type { CommandId } from '../commands/ids.ts';
import { openPlace } from '../errors.ts';
import { pageRoots, staticPage } from '../pages/webviewPage.ts';

const GO = '_envoi.goFromBefore';

/** The page's content, given how it links. */
export type MakeBefore = (linkTo: (href: string) => string | null, actions: readonly BeforeAction[]) => string;

/**
 * The page “Before You Send”. There is one: it keeps its letter wherever the person goes, and the next confirmation
 * replaces it. It runs no script; its links run one command of ours.
 */
export class BeforePage implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #command: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #letter: vscode.Uri | undefined;

  constructor(extensionUri: vscode.Uri) {
    this.#extensionUri = extensionUri;
    this.#command = vscode.commands.registerCommand(GO, (to: unknown) => this.#go(to));
  }

  show(letter: vscode.Uri, make: MakeBefore): void {
    this.#letter = letter;
    const panel = this.#panel ?? this.#open();
    panel.webview.html = staticPage(panel.webview, {
      extensionUri: this.#extensionUri,
      style: 'before',
      title: panel.title,
      body: `<main class="before">${make(
        (href) => (/^https:\/\//.test(href) ? href : link(href)),
        [
          { label: vscode.l10n.t('Send Newsletter…'), href: link('envoi.sendNewsletter'), primary: true },
          { label: vscode.l10n.t('Send Test…'), href: link('envoi.sendTest') },
          { label: vscode.l10n.t('Preview'), href: link('envoi.previewNewsletter') },
          { label: vscode.l10n.t('Plan and Rehearse…'), href: link('envoi.planSending') },
          { label: vscode.l10n.t('Check Sender'), href: link('envoi.checkSender') },
        ],
      )}</main>`,
    });
    panel.reveal(undefined, false);
  }

  dispose(): void {
    this.#command.dispose();
    this.#panel?.dispose();
  }

  #open(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      'envoi.before',
      vscode.l10n.t('Before You Send'),
      vscode.ViewColumn.Active,
      {
        enableScripts: false,
        enableFindWidget: true,
        enableCommandUris: [GO],
        localResourceRoots: pageRoots(this.#extensionUri),
      },
    );
    const icon = (name: string) => vscode.Uri.joinPath(this.#extensionUri, 'media', name);
    panel.iconPath = { light: icon('tabLight.svg'), dark: icon('tabDark.svg') };
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    this.#panel = panel;
    return panel;
  }

  async #go(to: unknown): Promise<void> {
    if (typeof to !== 'string') return;
    if (commands.includes(to as CommandId)) {
      await vscode.commands.executeCommand(to, this.#letter);
      return;
    }
    const [file = '', line] = to.split('#L');
    await openPlace({ file, ...(line ? { line: Number(line) } : {}) });
  }
}

const commands: readonly CommandId[] = [
  'envoi.sendNewsletter',
  'envoi.sendTest',
  'envoi.previewNewsletter',
  'envoi.checkSender',
  'envoi.planSending',
];

function link(to: string): string {
  return `command:${GO}?${encodeURIComponent(JSON.stringify([to]))}`;
}
