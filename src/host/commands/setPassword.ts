import * as vscode from 'vscode';
import { secretKey } from '../../shared/settings.ts';
import type { HostServices } from '../hostServices.ts';
import { mailboxNameOf } from '../mailboxes/pickMailbox.ts';
import { pickServer } from '../servers/pickServer.ts';
import { readConfiguration } from '../settings.ts';

export async function setPassword(services: HostServices, argument: unknown): Promise<void> {
  const { settings } = readConfiguration(undefined, services.context);
  const named = mailboxNameOf(argument);
  const mailbox = named === undefined ? undefined : settings.mailboxes[named];
  if (named !== undefined && mailbox) {
    await services.secrets.ask(named, mailbox);
    await services.returns.handOver();
    return kept(named);
  }
  const { name, server } = await pickServer(services, argument, (item) => item.auth === 'password');
  const password = await services.secrets.ask(name, server);
  const engine = await services.engine.attach();
  await engine?.provideSecrets({ secrets: { [secretKey(server)]: password } });
  kept(name);
}

function kept(name: string): void {
  vscode.window.setStatusBarMessage(vscode.l10n.t('The password for {0} was saved.', name), 5000);
}
