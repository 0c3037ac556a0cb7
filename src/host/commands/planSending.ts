import * as vscode from 'vscode';
import type { BeforeLine } from '../../letter/plan/beforeYouSend.ts';
import type { ScenarioName } from '../../letter/plan/scenarioNames.ts';
import type { Plan } from '../../letter/plan/strategy.ts';
import type { EngineApi } from '../../protocol/engineApi.ts';
import { rateSetting } from '../../shared/duration.ts';
import { msg } from '../../shared/errors.ts';
import { DIRECT } from '../../shared/settings.ts';
import { Cancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { gatherLetter, type Letter } from '../sending/letter.ts';
import { questionFor } from '../sending/question.ts';
import { askAboutSender, stopOf } from '../sending/senderEvidence.ts';
import { requireTrust, targetDocument } from '../sending/target.ts';
import { writeQuota } from '../servers/writeEntry.ts';
import { say, words } from '../text.ts';

type Choice = vscode.QuickPickItem & { plan?: Plan; scenario?: ScenarioName; check?: true };

/** The possible routes for the letter and how long each takes; one click sets one, or rehearses the whole campaign. Nothing is sent. */
export async function planSending(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const document = await targetDocument(argument);
  const letter = await gatherLetter(document, { context: services.context, needsList: true });
  const engine = await services.engine.use();
  const chosen = await choose(services, engine, letter);
  if (chosen?.plan) await setPlan(chosen.plan, services.context);
  else if (chosen?.scenario) await rehearse({ services, engine }, letter, chosen.scenario, document.isDirty);
  else throw new Cancelled();
}

async function choose(services: HostServices, engine: EngineApi, letter: Letter): Promise<Choice | undefined> {
  for (;;) {
    const choices = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Planning') },
      () => choicesFor(engine, letter),
    );
    const chosen = await vscode.window.showQuickPick(choices, {
      title: vscode.l10n.t('How should this newsletter be sent? Nothing is sent yet.'),
      matchOnDetail: true,
      ignoreFocusOut: true,
    });
    if (!chosen?.check) return chosen;
    await checkDirect(services, letter);
  }
}

/** Checks whether direct mail from this computer gets through; the engine remembers the result. */
async function checkDirect(services: HostServices, letter: Letter): Promise<void> {
  const { directCodes, senderQuestion } = await loadCompose();
  const question = senderQuestion({ ...letter, settings: { ...letter.settings, route: [DIRECT] } });
  if (!question) throw new Error('a letter without errors has a sender');
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Checking direct delivery from this computer'),
      cancellable: true,
    },
    (_, token) => askAboutSender(services, { ...question, only: directCodes }, stopOf(token)),
  );
}

async function choicesFor(engine: EngineApi, letter: Letter): Promise<Choice[]> {
  const compose = await loadCompose();
  const { listShares, planLines, planTitle, scenarioNames, scenarioTitles } = compose;
  const { settings } = letter;
  const list = listShares(letter.list?.profile);
  const present = await engine.foresee({ settings, list, startAt: 0 });
  const direct = present.direct ?? { state: 'unknown' };
  const strategy = await compose.strategyFor({ settings, list, direct, present }, (wish) => engine.foresee(wish));
  const separator = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    separator(vscode.l10n.t('Use from now on')),
    ...strategy.plans.map((plan): Choice => {
      const [time, ...more] = planLines(plan, strategy).map(say);
      const title = say(planTitle(plan));
      return {
        label: plan.present ? `$(check) ${title}` : title,
        detail: [time, ...more].join(' '),
        plan,
      };
    }),
    ...compose.strategyAdvice(strategy).map((text): Choice => ({ label: '$(info)', detail: say(text) })),
    ...(direct.state === 'unknown'
      ? [{ label: `$(search) ${vscode.l10n.t('Check Direct Delivery from This Computer')}`, check: true } as const]
      : []),
    separator(vscode.l10n.t('Rehearse')),
    ...scenarioNames.map((scenario): Choice => ({ label: capital(say(scenarioTitles[scenario])), scenario })),
  ];
}

/** Where the route is set already, else in the person's own settings. */
async function setPlan({ change: { limits, ...ways } }: Plan, context: vscode.ExtensionContext): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('envoi');
  const inWorkspace = configuration.inspect('route')?.workspaceValue !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  for (const [key, value] of Object.entries(ways)) await configuration.update(key, value, target);
  for (const [server, windows] of Object.entries(limits))
    for (const window of windows) await writeQuota(server, rateSetting(window), context);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Newsletters will be sent this way from now on.'), 10_000);
}

/** The whole campaign against simulated servers, shown on the page “Before You Send”. */
async function rehearse(
  { services, engine }: { services: HostServices; engine: EngineApi },
  letter: Letter,
  name: ScenarioName,
  unsaved: boolean,
): Promise<void> {
  const { beforeYouSend, listShares, rehearsalLines, scenarioOf, scenarioTitles } = await loadCompose();
  const { settings } = letter;
  const foresight = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Rehearsing') },
    () =>
      engine.foresee({
        settings,
        list: listShares(letter.list?.profile),
        startAt: 0,
        scenario: scenarioOf(name, settings),
      }),
  );
  const told = [
    msg('Rehearsal (nothing was sent): {0}', scenarioTitles[name]),
    ...rehearsalLines(foresight, words, Date.now()),
  ].map((text): BeforeLine => ({ section: 'plan', level: 'info', text }));
  const { confirmation, lines } = await questionFor({ services, engine }, letter, { unsaved, startAt: 0 });
  services.webviews.showBefore(letter.uri, (linkTo, actions) =>
    beforeYouSend(confirmation, [...told, ...lines], words, linkTo, actions),
  );
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
