import * as vscode from 'vscode';
import { secretKey } from '../../shared/settings.ts';
import type { Parts } from '../parts.ts';
import { pickServer } from '../servers/pickServer.ts';

export async function setPassword(parts: Parts, argument: unknown): Promise<void> {
  const { name, server } = await pickServer(parts, argument, (item) => item.auth === 'password');
  const password = await parts.secrets.ask(name, server);
  const engine = await parts.engine.attach();
  await engine?.provideSecrets({ secrets: { [secretKey(server)]: password } });
  vscode.window.setStatusBarMessage(vscode.l10n.t('Password of {0} kept.', name), 5000);
}
