import * as vscode from 'vscode';
import type { HostServices } from '../hostServices.ts';
import { newNewsletter } from './newNewsletter.ts';

/** A new letter whose list is the CSV it was called on. */
export async function writeToList(services: HostServices, argument: unknown): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const list = argument instanceof vscode.Uri ? argument : active;
  await newNewsletter(services, list && /\.(csv|tsv|txt)$/i.test(list.path) ? list : undefined);
}
