import * as vscode from 'vscode';
import { msg, UserError } from '../../shared/errors.ts';
import type { ServerSettings } from '../../shared/settings.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { readConfiguration } from '../settings.ts';

export interface NamedServer {
  name: string;
  server: ServerSettings;
}

/** The server a command was called with, the only one that fits, or the one a person picks. */
export async function pickServer(
  services: HostServices,
  argument: unknown,
  fits: (server: ServerSettings) => boolean = () => true,
): Promise<NamedServer> {
  const { settings } = readConfiguration(undefined, services.context);
  const name = serverNameOf(argument);
  const named = name === undefined ? undefined : settings.servers[name];
  if (name !== undefined && named) return { name, server: named };
  const candidates = Object.entries(settings.servers).filter(([, server]) => fits(server));
  const [only] = candidates;
  if (!only) {
    throw new UserError('noServer', msg('There is no server for this yet.'), msg('Use “Envoi: Add Server…”.'), {
      file: 'settings.json',
      key: 'envoi.servers',
    });
  }
  if (candidates.length === 1) return { name: only[0], server: only[1] };
  const items: (vscode.QuickPickItem & { named: NamedServer })[] = candidates.map(([key, item]) => ({
    label: `$(server) ${key}`,
    description: `${item.user ? `${item.user} @ ` : ''}${item.host}:${item.port}`,
    named: { name: key, server: item },
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which server?') });
  return notCancelled(chosen).named;
}

export function serverNameOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null) return undefined;
  return 'server' in argument && typeof argument.server === 'string' ? argument.server : undefined;
}
