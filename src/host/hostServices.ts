import type * as vscode from 'vscode';
import type { Finding } from '../shared/errors.ts';
import type { Campaigns } from './campaigns/campaigns.ts';
import type { CaughtMailbox } from './caught/mailbox.ts';
import type { EngineLink } from './engineLink/engine.ts';
import type { ReturnKeeper } from './mailboxes/returnKeeper.ts';
import type { FoundProblems } from './problems/problems.ts';
import type { CredentialFinder } from './secrets/credentials.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { MakeBefore } from './sending/beforePage.ts';
import type { Views } from './views/views.ts';

/** The webviews, as the commands know them. */
export interface Webviews {
  openPreview(document: vscode.TextDocument): Promise<void>;
  showReport(campaign: string): Promise<void>;
  showMailbox(): Promise<void>;
  /** The page “Before You Send” of a letter. */
  showBefore(letter: vscode.Uri, make: MakeBefore): void;
  /** What Check Links found in this document. */
  showLinks(document: vscode.Uri, findings: readonly Finding[]): void;
  /** A person has tried to send this document: what it lacks is an error from now on. */
  askedToSend(uri: vscode.Uri): void;
}

/** The services of every command and view. Built once, in extension.ts. */
export interface HostServices {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly secrets: Secrets;
  readonly credentials: CredentialFinder;
  readonly engine: EngineLink;
  readonly campaigns: Campaigns;
  readonly mailbox: CaughtMailbox;
  readonly returns: ReturnKeeper;
  readonly problems: FoundProblems;
  readonly webviews: Webviews;
  readonly views: Views;
}
