import * as vscode from 'vscode';
import { msg, UserError } from '../../shared/errors.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import type { HostServices } from '../hostServices.ts';
import { requireTrust } from '../sending/target.ts';
import { serverNameOf } from '../servers/pickServer.ts';
import { type ServerTest, stepItem, testServer } from '../servers/testServer.ts';
import { requireSettings } from '../settings.ts';

/** Tests every server, or the one it was called on. No mail is sent. */
export async function testServers(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const settings = requireSettings(undefined, services.context);
  const wanted = serverNameOf(argument);
  const servers = Object.entries(settings.servers).filter(([name]) => wanted === undefined || name === wanted);
  if (servers.length === 0) {
    throw new UserError('noServer', msg('There is no server to test.'), msg('Use “Envoi: Add Server…”.'), {
      file: 'settings.json',
      key: 'envoi.servers',
    });
  }
  const engine = await services.engine.use();
  const secrets = new Map<string, string>();
  for (const [name, server] of servers) secrets.set(name, await services.credentials.forServer(name, server));
  const results = await lateProgress(vscode.l10n.t('Testing the servers'), () =>
    Promise.all(servers.map(([name]) => testServer(engine, settings, name, secrets.get(name) ?? ''))),
  );
  await vscode.window.showQuickPick(results.flatMap(itemsOf), {
    title: results.every((result) => result.ok)
      ? vscode.l10n.t('All servers work. No mail was sent.')
      : vscode.l10n.t('Not every server works. No mail was sent.'),
    placeHolder: vscode.l10n.t('Steps of the test, with the servers’ replies'),
    ignoreFocusOut: true,
  });
}

function itemsOf(result: ServerTest): vscode.QuickPickItem[] {
  return [{ label: result.name, kind: vscode.QuickPickItemKind.Separator }, ...result.steps.map(stepItem)];
}
