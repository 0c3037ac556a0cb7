import * as vscode from 'vscode';
import type { HostServices } from '../hostServices.ts';

export async function openSettings(services: HostServices): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${services.context.extension.id}`);
}
