import type * as vscode from 'vscode';
import type { Campaigns } from './campaigns/campaigns.ts';
import type { CaughtMailbox } from './caught/mailbox.ts';
import { MailboxPanel } from './caught/mailboxPanel.ts';
import type { EngineLink } from './engineLink/engine.ts';
import type { Webviews } from './hostServices.ts';
import { LanguageFeatures } from './language/language.ts';
import { LinkProblems } from './language/linkProblems.ts';
import { ListInGit } from './openLetter/listInGit.ts';
import { Lists } from './openLetter/lists.ts';
import { Previews } from './preview/previews.ts';
import { Reports } from './report/reports.ts';
import { BeforePage } from './sending/beforePage.ts';

export interface WebviewDeps {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  engine: EngineLink;
  campaigns: Campaigns;
  mailbox: CaughtMailbox;
}

/** Builds the webviews and the language features, and gives back what the commands need of them. */
export function registerWebviews(deps: WebviewDeps): Webviews & { isLive: (uri: vscode.Uri) => boolean } {
  const { context } = deps;
  const lists = new Lists();
  const previews = new Previews(deps, lists);
  const git = new ListInGit(context.globalState);
  const onList = (list: vscode.Uri) => void git.look(list).catch((error: unknown) => deps.log.warn(String(error)));
  const language = new LanguageFeatures({ context, log: deps.log, lists, onList });
  const reports = new Reports(deps);
  const mailbox = new MailboxPanel(context, deps.mailbox, deps.log);
  const before = new BeforePage(context.extensionUri);
  const links = new LinkProblems();
  context.subscriptions.push(lists, previews, language, reports, mailbox, before, links);
  return {
    openPreview: async (document) => void previews.open(document.uri),
    showReport: async (campaign) => reports.show(campaign),
    showMailbox: async () => mailbox.show(),
    showBefore: (letter, make) => before.show(letter, make),
    showLinks: (uri, findings) => links.show(uri, findings),
    askedToSend: (uri) => language.diagnostics.askedToSend(uri),
    isLive: (uri) => language.diagnostics.isLive(uri),
  };
}
