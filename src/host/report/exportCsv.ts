import * as vscode from 'vscode';
import type { EngineApi, ReportRow } from '../../protocol/engineApi.ts';
import { notCancelled } from '../errors.ts';

const PAGE = 5000;
const columns = [
  'line',
  'address',
  'state',
  'cause',
  'transport',
  'host',
  'code',
  'enhanced',
  'reply',
  'attempts',
  'at',
  'message_id',
];

/** Asks where to, and writes every recipient with its outcome, page by page. Gives back how many. */
export async function exportCsv(engine: EngineApi, campaign: string, name: string): Promise<number> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = `${
    name
      .replace(/[^\p{L}\p{N} _-]+/gu, '')
      .trim()
      .slice(0, 60) || 'report'
  }.csv`;
  const target = notCancelled(
    await vscode.window.showSaveDialog({
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
      filters: { CSV: ['csv'] },
      title: vscode.l10n.t('Export the Report'),
    }),
  );
  const pieces = [`${columns.join(',')}\r\n`];
  let count = 0;
  for (let after = 0; ; ) {
    const rows = await engine.report({ campaign, after, limit: PAGE });
    pieces.push(rows.map(csvLine).join(''));
    count += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    after = last.id;
  }
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(pieces.join('')));
  return count;
}

function csvLine(row: ReportRow): string {
  const at = row.at > 0 ? new Date(row.at).toISOString() : '';
  const cells = [
    row.line,
    row.address,
    row.state,
    row.cause,
    row.transport,
    row.host,
    row.code || '',
    row.enhanced,
    row.text,
    row.attempts,
    at,
    row.messageId,
  ];
  return `${cells.map((cell) => csvCell(String(cell))).join(',')}\r\n`;
}

/** Quoted where needed; a cell that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
