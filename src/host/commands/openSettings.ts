import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';

export async function openSettings(parts: Parts): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${parts.context.extension.id}`);
}
