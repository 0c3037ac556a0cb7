import * as vscode from 'vscode';
import type { ServerTestStep } from '../../protocol/engineApi.ts';
import { secretKey } from '../../shared/settings.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { requireTrust } from '../sending/target.ts';
import { askServer } from '../servers/askServer.ts';
import { offerRoute } from '../servers/offerRoute.ts';
import { readServerEntry } from '../servers/readServerEntry.ts';
import type { AskedServer } from '../servers/serverDraft.ts';
import { entryOf } from '../servers/serverEntry.ts';
import { stepItem, testServer } from '../servers/testServer.ts';
import { writeEntry } from '../servers/writeEntry.ts';
import { readConfiguration } from '../settings.ts';

type Decision = 'save' | 'change' | 'again';

/** Asks, tests the connection, shows each step with the server's replies, and saves only then. */
export async function addServer(services: HostServices): Promise<void> {
  requireTrust();
  const taken = Object.keys(readConfiguration(undefined, services.context).settings.servers);
  await services.secrets.lost();
  const promise = services.secrets.promise();
  let asked = await askServer(taken, promise);
  for (;;) {
    const { decision, failed } = await tryAndDecide(services, asked);
    if (decision === 'save') break;
    if (decision === 'change') asked = await askServer(taken, promise, { asked, failed });
  }
  const { name } = asked.answers;
  const server = readServerEntry(name, entryOf(asked.answers));
  if (asked.password) await services.secrets.keep(server, asked.password);
  await writeEntry('servers', name, entryOf(asked.answers), services.context);
  await offerRoute(name, taken.length === 0);
}

/** What the person wants after the test, and which of its steps failed. */
async function tryAndDecide(
  services: HostServices,
  asked: AskedServer,
): Promise<{ decision: Decision; failed: ServerTestStep['step'] | undefined }> {
  const { name } = asked.answers;
  const server = readServerEntry(name, entryOf(asked.answers));
  const result = await lateProgress(vscode.l10n.t('Testing {0}', `${server.host}:${server.port}`), async () => {
    const engine = await services.engine.use();
    const secret = asked.password || (await services.credentials.forServer(name, server));
    const { settings } = readConfiguration(undefined, services.context);
    return testServer(engine, { ...settings, servers: { ...settings.servers, [name]: server } }, name, secret);
  });
  services.log.info(
    `test of ${secretKey(server).replace(/^.*@/, '')}: ${result.steps.map((s) => `${s.step} ${s.ok}`).join(', ')}`,
  );
  const save = {
    label: `$(save) ${result.ok ? vscode.l10n.t('Save') : vscode.l10n.t('Save Anyway')}`,
    decision: 'save' as const,
  };
  const change = { label: `$(edit) ${vscode.l10n.t('Change…')}`, decision: 'change' as const };
  const again = { label: `$(refresh) ${vscode.l10n.t('Try Again')}`, decision: 'again' as const };
  const steps = result.steps.map((step) => ({ ...stepItem(step), decision: undefined }));
  const line = { label: '', kind: vscode.QuickPickItemKind.Separator, decision: undefined };
  const actions = result.ok ? [save, change] : [change, again, save];
  for (;;) {
    const chosen = notCancelled(
      await vscode.window.showQuickPick<vscode.QuickPickItem & { decision: Decision | undefined }>(
        [...actions, line, ...steps],
        {
          title: result.ok
            ? vscode.l10n.t('{0} works. No mail was sent.', name)
            : vscode.l10n.t('{0} does not work yet. No mail was sent.', name),
          placeHolder: vscode.l10n.t('Steps of the test, with the server’s replies'),
          ignoreFocusOut: true,
        },
      ),
    );
    if (chosen.decision) return { decision: chosen.decision, failed: result.steps.find(({ ok }) => !ok)?.step };
  }
}
