import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { newNewsletter } from './newNewsletter.ts';

/** A new letter whose list is the CSV it was called on. */
export async function writeToList(parts: Parts, argument: unknown): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const list = argument instanceof vscode.Uri ? argument : active;
  await newNewsletter(parts, list && /\.(csv|tsv|txt)$/i.test(list.path) ? list : undefined);
}
