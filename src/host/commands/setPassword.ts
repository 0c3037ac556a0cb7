import * as vscode from 'vscode';
import { secretKey } from '../../shared/settings.ts';
import { mailboxNameOf } from '../mailboxes/pickMailbox.ts';
import type { Parts } from '../parts.ts';
import { pickServer } from '../servers/pickServer.ts';
import { readConfiguration } from '../settings.ts';

export async function setPassword(parts: Parts, argument: unknown): Promise<void> {
  const { settings } = readConfiguration(undefined, parts.context);
  const named = mailboxNameOf(argument);
  const mailbox = named === undefined ? undefined : settings.mailboxes[named];
  if (named !== undefined && mailbox) {
    await parts.secrets.ask(named, mailbox);
    await parts.returns.handOver();
    return kept(named);
  }
  const { name, server } = await pickServer(parts, argument, (item) => item.auth === 'password');
  const password = await parts.secrets.ask(name, server);
  const engine = await parts.engine.attach();
  await engine?.provideSecrets({ secrets: { [secretKey(server)]: password } });
  kept(name);
}

function kept(name: string): void {
  vscode.window.setStatusBarMessage(vscode.l10n.t('Password of {0} kept.', name), 5000);
}
