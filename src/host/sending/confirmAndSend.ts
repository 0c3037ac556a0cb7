import * as vscode from 'vscode';
import { goesOnlyDirect } from '../../letter/plan/routeText.ts';
import { preflight } from '../../letter/preflight.ts';
import { readersBefore } from '../../letter/readersBefore.ts';
import type { EngineApi } from '../../protocol/engineApi.ts';
import { plural } from '../../shared/words.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import type { CommandId } from '../commands/ids.ts';
import { Cancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { readConfiguration } from '../settings.ts';
import { say, words } from '../text.ts';
import { modalOf } from './confirmation.ts';
import { FindingsError, gatherLetter, type Letter } from './letter.ts';
import { questionFor } from './question.ts';
import { submit } from './submit.ts';
import { wasTested } from './tested.ts';

export type When = { kind: 'now' } | { kind: 'later'; at: number };

/** Checks, asks once, submits to the engine. From then on the status bar reports. */
export async function confirmAndSend(
  services: HostServices,
  document: vscode.TextDocument,
  when: When,
  again = false,
): Promise<void> {
  const engine = await lateProgress(vscode.l10n.t('Starting the sending engine'), () => services.engine.use());
  await lateProgress(vscode.l10n.t('Reading what came back'), () => catchUp(services, engine));
  const letter = await lateProgress(vscode.l10n.t('Checking the newsletter'), async (token) => {
    const before = (key: string) => readersBefore(engine, key);
    return gatherLetter(document, { context: services.context, needsList: true, before, again, token });
  }).catch((error: unknown) => (everybodyHadIt(error) > 0 ? null : Promise.reject(error)));
  if (!letter) {
    await askAgain();
    return confirmAndSend(services, document, when, true);
  }
  services.problems.show(letter.findings);
  const secrets = await services.credentials.forRoutes(letter.settings);
  await tryServers(engine, letter, secrets);
  const answer = await confirm({ services, engine }, letter, document.isDirty, when);
  if (answer !== 'send') return confirmAndSend(services, document, when, again || answer === 'toAllAgain');
  const snapshot = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Handing over to the sending engine') },
    (progress, token) =>
      services.engine.through((current) =>
        submit(current, {
          letter,
          kind: 'send',
          startAt: when.kind === 'later' ? when.at : 0,
          secrets,
          token,
          onProgress: (rows) =>
            progress.report({
              message: vscode.l10n.t('{0} of {1}', words.number(rows), words.number(letter.list?.profile.count ?? 0)),
            }),
        }),
      ),
  );
  services.campaigns.put(snapshot);
  services.log.info(`campaign ${snapshot.id}: ${snapshot.total} recipients, ${snapshot.state}`);
}

/** Readers who have unsubscribed or bounced since are left out. What cannot be read stops nothing. */
async function catchUp(services: HostServices, engine: EngineApi): Promise<void> {
  const failures = await services.returns.catchUp(engine);
  for (const failure of failures) services.log.warn(`before sending: ${failure}`);
  const [first] = failures;
  if (first)
    void vscode.window.showWarningMessage(vscode.l10n.t('What came back could not be read before sending. {0}', first));
}

/** A wrong password or host is reported now, while nothing is sent yet. If another transport works, the campaign uses it. */
async function tryServers(engine: EngineApi, letter: Letter, secrets: Record<string, string>): Promise<void> {
  const { failures, otherWay } = await lateProgress(vscode.l10n.t('Testing the servers'), () =>
    preflight(engine, letter.settings, secrets),
  );
  const [first] = failures;
  if (first && !otherWay) throw first.error;
}

/** How many on a list have the letter when that is all that prevents sending; else 0. */
function everybodyHadIt(error: unknown): number {
  if (!(error instanceof FindingsError)) return 0;
  const [only, ...more] = error.findings.filter(({ severity }) => severity === 'error');
  return only?.code === 'nobodyLeft' && more.length === 0 ? Number(only.data?.alreadySent ?? 0) : 0;
}

/** Nobody is left who does not have the letter. Throws Cancelled unless it is to be sent to them again. */
async function askAgain(): Promise<void> {
  const options = { modal: true, detail: vscode.l10n.t('To send a new letter, use a new document or a new “id:”.') };
  const button = vscode.l10n.t('Send It Again…');
  const question = vscode.l10n.t('Everyone on the list already has this letter.');
  if ((await vscode.window.showWarningMessage(question, options, button)) !== button) throw new Cancelled();
}

/**
 * Another result than "send" when the question has changed: a server was set up meanwhile, or readers who have
 * the letter are to get it again. Throws Cancelled when it is not sent.
 */
async function confirm(
  { services, engine }: { services: HostServices; engine: EngineApi },
  letter: Letter,
  unsaved: boolean,
  when: When,
): Promise<'send' | 'otherServers' | 'toAllAgain'> {
  const { beforeYouSend } = await loadCompose();
  const { confirmation, hesitate, lines } = await questionFor({ services, engine }, letter, {
    unsaved,
    startAt: when.kind === 'later' ? when.at : 0,
  });
  const { question, detail, button } = modalOf(confirmation, hesitate, words);
  // The first button is the one that Enter presses: never the one that cannot be undone.
  const harmless = harmlessStep(services, letter);
  const look = vscode.l10n.t('Before You Send…');
  const options = { modal: true, detail };
  const had = letter.list?.profile.refused.alreadySent ?? 0;
  const toAll = say(plural('Include {0} Who Already Has It…', 'Include {0} Who Already Have It…', had));
  const buttons = [harmless.label, button, look, ...(had > 0 ? [toAll] : [])];
  const chosen = await vscode.window.showWarningMessage(question, options, ...buttons);
  if (chosen === button) return 'send';
  if (chosen === toAll) return 'toAllAgain';
  if (chosen === look) {
    services.webviews.showBefore(letter.uri, (linkTo, actions) =>
      beforeYouSend(confirmation, lines, words, linkTo, actions),
    );
  }
  if (chosen === harmless.label) {
    await vscode.commands.executeCommand(harmless.command, letter.uri);
    const { settings } = readConfiguration(letter.uri, services.context);
    if (harmless.command === 'envoi.addServer' && !goesOnlyDirect(settings)) return 'otherServers';
  }
  throw new Cancelled();
}

/** What a careful person does first: set up a server, send a test, check again. */
function harmlessStep(services: HostServices, letter: Letter): { label: string; command: CommandId } {
  if (goesOnlyDirect(letter.settings)) return { label: vscode.l10n.t('Add Server…'), command: 'envoi.addServer' };
  if (!wasTested(letter.document.text, services.context.globalState))
    return { label: vscode.l10n.t('Send Test First…'), command: 'envoi.sendTest' };
  return { label: vscode.l10n.t('Preview'), command: 'envoi.previewNewsletter' };
}
