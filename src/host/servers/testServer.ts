import * as vscode from 'vscode';
import type { EngineApi, ServerTestStep } from '../../protocol/engineApi.ts';
import { detailWords } from '../../shared/detailText.ts';
import type { Settings } from '../../shared/settings.ts';
import { words } from '../text.ts';

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

export function stepItem({ step, ok, detail }: ServerTestStep): vscode.QuickPickItem {
  const colour = new vscode.ThemeColor(ok ? 'testing.iconPassed' : 'testing.iconFailed');
  return {
    label: ok ? doneWords(step) : failedWords(step),
    detail: ok ? detail : detailWords(detail, words),
    iconPath: new vscode.ThemeIcon(ok ? 'pass' : 'error', colour),
  };
}

function doneWords(step: ServerTestStep['step']): string {
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

function failedWords(step: ServerTestStep['step']): string {
  switch (step) {
    case 'dns':
      return vscode.l10n.t('Name not found');
    case 'connect':
      return vscode.l10n.t('No connection');
    case 'tls':
      return vscode.l10n.t('Not secured');
    case 'auth':
      return vscode.l10n.t('Sign-in refused');
    case 'sender':
      return vscode.l10n.t('Sender rejected');
    case 'ready':
      return vscode.l10n.t('Not ready');
    default:
      return step satisfies never;
  }
}
