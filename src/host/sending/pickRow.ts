import * as vscode from 'vscode';
import type { Recipient } from '../../shared/recipient.ts';
import { notCancelled } from '../errors.ts';
import type { EditorList } from './letter.ts';

/** Whose fields the test is filled with; the first row when a person just presses Enter. Undefined without a list. */
export async function pickRow(list: EditorList | null): Promise<Recipient | undefined> {
  const rows = list?.first ?? [];
  if (rows.length < 2) return rows[0];
  const items = rows.map((row) => ({
    label: row.address,
    description: vscode.l10n.t('line {0}', row.line),
    detail: Object.entries(row.fields)
      .filter(([, value]) => value !== '' && value !== row.address)
      .map(([name, value]) => `${name}: ${value}`)
      .join(' · ')
      .slice(0, 160),
    row,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Send test'),
    placeHolder: vscode.l10n.t('Whose values? Nothing is sent to this recipient'),
    matchOnDetail: true,
  });
  return notCancelled(chosen).row;
}
