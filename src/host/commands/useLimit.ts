import * as vscode from 'vscode';
import { parseRate } from '../../shared/duration.ts';
import { probeSettingsText, readProbeSettings } from '../../shared/serverProbeWords.ts';
import type { HostServices } from '../hostServices.ts';
import { writeLimits, writeQuota } from '../servers/writeEntry.ts';

/** The limit a server enforced, in the servers view, becomes one of its quotas: respected from the next campaign on. */
export async function useLimit(services: HostServices, argument: unknown): Promise<void> {
  const { probeOf, keep } = Object(argument) as Record<string, unknown>;
  if (typeof probeOf === 'string') return useProbe(services, probeOf, keep);
  const { server, quota } = limitOf(argument);
  if (server === '' || parseRate(quota) === null) return;
  await writeQuota(server, quota, services.context);
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} now stays within {1}.', server, quota), 5000);
}

function limitOf(argument: unknown): { server: string; quota: string } {
  const { limitOf: server, quota } = Object(argument) as Record<string, unknown>;
  return typeof server === 'string' && typeof quota === 'string' ? { server, quota } : { server: '', quota: '' };
}

/** What an in-depth test found, as settings. */
async function useProbe(services: HostServices, server: string, found: unknown): Promise<void> {
  const keep = readProbeSettings(found);
  await writeLimits(server, keep, services.context);
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} now stays within {1}.', server, probeSettingsText(keep)), 5000);
}
