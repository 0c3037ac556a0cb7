import * as vscode from 'vscode';
import { DIRECT } from '../../shared/settings.ts';

/** After a server was added: says so, or asks for its place when there are other transports already. */
export async function offerRoute(name: string, isFirst: boolean): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('envoi');
  const route = configuration.get<(string | string[])[]>('route', []);
  if (isFirst && (route.length === 0 || (route.length === 1 && route[0] === name))) {
    vscode.window.setStatusBarMessage(
      vscode.l10n.t('{0} is ready. Newsletters are now sent via this server.', name),
      10_000,
    );
    return;
  }
  const now = route.length > 0 ? route : [DIRECT];
  const first = { label: vscode.l10n.t('Use it as a backup'), route: [name, ...route.filter((item) => item !== name)] };
  const backup = {
    label: vscode.l10n.t('Use this server first'),
    route: [...now.filter((item) => item !== name), name],
  };
  const only = { label: vscode.l10n.t('Use only this server'), route: [name] };
  const later = { label: vscode.l10n.t('Not yet'), route: null };
  const withWay = [first, backup, only].map((item) => ({ ...item, description: item.route.join(' → ') }));
  const chosen = await vscode.window.showQuickPick([...withWay, { ...later, description: '' }], {
    title: vscode.l10n.t('{0} is saved. How should it be used?', name),
    placeHolder: vscode.l10n.t('Current route: {0}', now.join(' → ')),
    ignoreFocusOut: true,
  });
  if (!chosen?.route) return;
  const inWorkspace = configuration.inspect('route')?.workspaceValue !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await configuration.update('route', chosen.route, target);
}
