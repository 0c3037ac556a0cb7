import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { EngineApi, ProbeCall, ProbeRequest, WatchedMailbox } from '../../protocol/engineApi.ts';
import { systemClock } from '../../shared/clock.ts';
import { detailWords } from '../../shared/detailText.ts';
import { UserError } from '../../shared/errors.ts';
import { PROBE_BUDGET, type ProbePlan, type ServerProbe } from '../../shared/serverProbe.ts';
import {
  probeLetter,
  probeNotes,
  probeQuestion,
  probeSettings,
  probeSettingsText,
  probeSummary,
  progressText,
} from '../../shared/serverProbeWords.ts';
import type { ServerSettings, Settings } from '../../shared/settings.ts';
import { Cancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { requireTrust } from '../sending/target.ts';
import { pickServer } from '../servers/pickServer.ts';
import { writeLimits } from '../servers/writeEntry.ts';
import { requireSettings } from '../settings.ts';
import { say, words } from '../text.ts';

const LOOK_EVERY_MS = 1_000;

/** Measures how much a server accepts, with test messages to the person's own test recipients, after a confirmation. */
export async function probeServer(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const { name, server } = await pickServer(services, argument);
  const settings = requireSettings(undefined, services.context);
  const engine = await services.engine.use();
  const wanted: ProbeRequest = { settings, server: name, budget: PROBE_BUDGET, again: false };
  const { plan, again } = await planned(engine, wanted);
  await confirm(name, plan, again);
  const secret = await services.credentials.forServer(name, server);
  const call = { probe: randomUUID(), secret, letter: probeLetter(name, words) };
  const mailboxes = await readable(services, settings);
  const probe = await run(engine, { ...wanted, ...call, again, mailboxes });
  await services.views.refreshServers();
  await show(services, name, server, probe);
}

/** What it would cost; a person may repeat it on the same day. */
async function planned(engine: EngineApi, request: ProbeRequest): Promise<{ plan: ProbePlan; again: boolean }> {
  try {
    return { plan: await engine.planProbe(request), again: false };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'probedToday') throw error;
    return { plan: await engine.planProbe({ ...request, again: true }), again: true };
  }
}

async function confirm(name: string, plan: ProbePlan, again: boolean): Promise<void> {
  const last = plan.last && again ? [vscode.l10n.t('Already tested: {0}.', probeSummary(plan.last, words))] : [];
  const detail = [
    ...last,
    vscode.l10n.t('Every subject begins with [Test]. The test stops at the first rejection that is not about a limit.'),
    vscode.l10n.t('It measures connections, messages per connection and the rate, but not hourly or daily limits.'),
  ].join('\n');
  const button = again ? vscode.l10n.t('Test Again') : vscode.l10n.t('Test in Depth');
  const question = say(probeQuestion(name, plan, PROBE_BUDGET.forMs));
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, button);
  if (chosen !== button) throw new Cancelled();
}

/** The mailboxes whose passwords are known: no password is asked for. */
async function readable(services: HostServices, { mailboxes }: Settings): Promise<WatchedMailbox[]> {
  const found: WatchedMailbox[] = [];
  for (const [name, mailbox] of Object.entries(mailboxes)) {
    const secret = await services.credentials.forMailbox(name, mailbox, true);
    if (secret) found.push({ mailbox, secret });
  }
  return found;
}

/** With progress; Cancel ends it with the results so far. */
function run(engine: EngineApi, call: ProbeRequest & ProbeCall): Thenable<ServerProbe> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('Testing {0}', call.server);
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const over = new AbortController();
    const { probe } = call;
    const running = engine.probeServer(call).finally(() => over.abort());
    running.catch(() => {});
    token.onCancellationRequested(() => void engine.stopProbe({ probe }).catch(() => {}));
    while (!over.signal.aborted) {
      const seen = await engine.probeProgress({ probe }).catch(() => null);
      if (seen) progress.report({ message: say(progressText(seen, words)) });
      await systemClock.sleep(LOOK_EVERY_MS, over.signal).catch(() => {});
    }
    return running;
  });
}

async function show(services: HostServices, name: string, server: ServerSettings, probe: ServerProbe): Promise<void> {
  const keep = probeSettings(probe, server);
  const use = vscode.l10n.t('Use as Settings');
  const buttons = probeSettingsText(keep) === '' ? [] : [use];
  const text = [`${name}: ${probeSummary(probe, words)}.`, ...probeNotes(probe).map(say)].join(' ');
  const failed = probe.ended === 'refused' || probe.ended === 'unreachable';
  const said = failed && probe.text !== '' ? `${text} ${detailWords(probe.text, words)}` : text;
  const tell = failed ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  if ((await tell(said, ...buttons)) === use) await writeLimits(name, keep, services.context);
}
