import * as vscode from 'vscode';
import { followCampaigns } from './host/campaigns/campaignContext.ts';
import { Campaigns, unfinishedStates } from './host/campaigns/campaigns.ts';
import { CorrectedLetters } from './host/campaigns/correctedLetters.ts';
import { Notifications } from './host/campaigns/notifications.ts';
import { CaughtMailbox } from './host/caught/mailbox.ts';
import { registerCommands } from './host/commands/index.ts';
import { EngineLink } from './host/engineLink/engine.ts';
import { engineConnector, mayRun } from './host/engineLink/engineConnector.ts';
import { ReturnKeeper } from './host/mailboxes/returnKeeper.ts';
import { followNewsletters } from './host/openLetter/newsletterContext.ts';
import { registerProblemHelp } from './host/problems/problemHelp.ts';
import { FoundProblems } from './host/problems/problems.ts';
import { CredentialFinder } from './host/secrets/credentials.ts';
import { sayLostSecrets } from './host/secrets/lostSecrets.ts';
import { SecretKeeper } from './host/secrets/secretKeeper.ts';
import { Secrets } from './host/secrets/secrets.ts';
import { StatusBar } from './host/status/statusBar.ts';
import { announceSuppressions } from './host/views/suppressionsTree.ts';
import { Views } from './host/views/views.ts';
import { registerWebviews } from './host/webviews.ts';

/** Builds the parts, registers them, returns. Nothing is read, connected or started before it is needed. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Envoi', { log: true });
  const campaigns = new Campaigns();
  const secrets = new Secrets(context);
  const credentials = new CredentialFinder(secrets, context);
  const engine = new EngineLink(
    engineConnector(context, log),
    log,
    () => campaigns.inState(...unfinishedStates).length > 0,
  );
  const returns = new ReturnKeeper(context, engine, secrets, credentials, log);
  const views = new Views(context, campaigns, engine, returns);
  const mailbox = new CaughtMailbox(context, campaigns);
  const webviews = registerWebviews({ context, log, engine, campaigns, mailbox });
  const problems = new FoundProblems(webviews.isLive);
  const services = {
    context,
    log,
    secrets,
    credentials,
    engine,
    campaigns,
    mailbox,
    returns,
    problems,
    webviews,
    views,
  };
  context.subscriptions.push(
    log,
    campaigns,
    engine,
    views,
    returns,
    mailbox,
    problems,
    new StatusBar(campaigns),
    new Notifications(campaigns, context.globalState),
    new CorrectedLetters(campaigns),
    new SecretKeeper(context, campaigns, engine, secrets, credentials),
    followNewsletters(),
    registerProblemHelp(context),
    followCampaigns(campaigns),
    engine.onDidSnapshot((snapshot) => campaigns.put(snapshot)),
    engine.onDidConnect((api) => void announceSuppressions(api)),
    engine.onDidConnect((api) => void campaigns.load(api).catch((error: unknown) => log.warn(String(error)))),
  );
  registerCommands(services);
  secrets.tell();
  void sayLostSecrets(secrets, context.globalState).catch((error: unknown) => log.warn(String(error)));
  void lookForUnfinished();

  /** After a restart, unfinished campaigns continue and the status bar shows them; without any, no engine is started. */
  async function lookForUnfinished(): Promise<void> {
    try {
      if (Notifications.hasUnfinished(context.globalState)) await engine.use();
      else if (await mayRun()) await engine.attach();
    } catch (error) {
      log.warn(error instanceof Error ? error.message : String(error));
    }
  }
}
