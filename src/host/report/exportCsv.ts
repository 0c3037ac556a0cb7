import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { EngineApi } from '../../protocol/engineApi.ts';
import { msg, UserError } from '../../shared/errors.ts';
import { notCancelled } from '../errors.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { say } from '../text.ts';

/** Asks for a file, and writes every recipient with its result. Returns how many. */
export async function exportCsv(engine: EngineApi, campaign: string, name: string): Promise<number> {
  const { reportCsv } = await loadCompose();
  const target = await askTarget(name);
  let count = 0;
  const onRows = (rows: number) => {
    count += rows;
  };
  const pieces = reportCsv(engine, campaign, { say, onRows });
  try {
    // A file on this computer is streamed; other file systems only accept it whole.
    if (target.scheme === 'file') await pipeline(pieces, createWriteStream(target.fsPath));
    else await vscode.workspace.fs.writeFile(target, Buffer.concat(await bytesOf(pieces)));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'unwritable',
      msg('{0} cannot be written ({1}).', vscode.workspace.asRelativePath(target), reason),
      msg('Choose another file.'),
    );
  }
  return count;
}

async function askTarget(name: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const bare = name
    .replace(/[^\p{L}\p{N} _-]+/gu, '')
    .trim()
    .slice(0, 60);
  return notCancelled(
    await vscode.window.showSaveDialog({
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${bare || 'report'}.csv`) } : {}),
      filters: { CSV: ['csv'] },
      title: vscode.l10n.t('Export the Report'),
    }),
  );
}

async function bytesOf(pieces: AsyncIterable<string>): Promise<Buffer[]> {
  const bytes: Buffer[] = [];
  for await (const piece of pieces) bytes.push(Buffer.from(piece));
  return bytes;
}
