import * as vscode from 'vscode';
import type { Lists } from '../openLetter/lists.ts';
import { registerCodeLens } from './codeLens.ts';
import { registerCompletion } from './completion.ts';
import { Diagnostics } from './diagnostics.ts';
import { registerDefinition, registerHover } from './hover.ts';
import { registerFolding, registerLinks } from './links.ts';
import { registerListLens } from './listLens.ts';
import { registerMovePassword } from './movePassword.ts';
import { NewsletterDocuments } from './newsletterDocument.ts';
import { registerQuickFixes } from './quickFixes.ts';

interface Deps {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  lists: Lists;
  onList(list: vscode.Uri): void;
}

/** What the editor does for a newsletter while it is written. Other documents are not affected. */
export class LanguageFeatures implements vscode.Disposable {
  readonly diagnostics: Diagnostics;
  readonly #owned: vscode.Disposable;

  constructor(deps: Deps) {
    const documents = new NewsletterDocuments(deps.lists, deps.context);
    this.diagnostics = new Diagnostics(deps);
    this.#owned = vscode.Disposable.from(
      this.diagnostics,
      registerQuickFixes(this.diagnostics),
      registerCompletion(documents),
      registerHover(documents, deps.context),
      registerDefinition(documents),
      registerCodeLens(documents, deps.lists, deps.context),
      registerListLens(),
      registerLinks(documents),
      registerFolding(),
      registerMovePassword(deps.context),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
