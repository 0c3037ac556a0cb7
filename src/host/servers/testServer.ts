import * as vscode from 'vscode';
import type { EngineApi, ServerTestStep } from '../../protocol/engineApi.ts';
import type { Settings } from '../../shared/settings.ts';

export interface ServerTest {
  name: string;
  steps: readonly ServerTestStep[];
  ok: boolean;
}

/** Connects, secures, signs in and names the sender, without a message. The engine does it, as it will when sending. */
export async function testServer(
  engine: EngineApi,
  settings: Settings,
  name: string,
  secret: string,
): Promise<ServerTest> {
  const steps = await engine.testServer({ settings, server: name, secret });
  return { name, steps, ok: steps.length > 0 && steps.every((step) => step.ok) };
}

export function stepItem(step: ServerTestStep): vscode.QuickPickItem {
  const icon = new vscode.ThemeIcon(step.ok ? 'pass' : 'error');
  return { label: stepWords(step.step), detail: step.detail, iconPath: icon };
}

function stepWords(step: ServerTestStep['step']): string {
  switch (step) {
    case 'dns':
      return vscode.l10n.t('Name found');
    case 'connect':
      return vscode.l10n.t('Connected');
    case 'tls':
      return vscode.l10n.t('Secured');
    case 'auth':
      return vscode.l10n.t('Signed in');
    case 'sender':
      return vscode.l10n.t('Sender accepted');
    case 'ready':
      return vscode.l10n.t('Ready');
    default:
      return step satisfies never;
  }
}
