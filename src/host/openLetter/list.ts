import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { listMissing, listUnreadable } from '../../letter/listErrors.ts';
import { UserError } from '../../shared/errors.ts';
import { notAFile } from '../../shared/plainFile.ts';
import { isPlainFile } from './documentFiles.ts';

/**
 * The list's bytes: of its editor when it is open there with unsaved changes, streamed from disk when it is a file,
 * whole through the editor's file system otherwise (which has no streams).
 */
export async function* streamOf(uri: vscode.Uri): AsyncGenerator<Uint8Array> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open?.isDirty) {
    yield new TextEncoder().encode(open.getText());
    return;
  }
  if (uri.scheme === 'file') {
    try {
      await fileSize(uri);
      yield* createReadStream(uri.fsPath, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw readable(uri, error);
    }
    return;
  }
  const bytes = await wholeList(uri);
  for (let at = 0; at < bytes.length; at += 256 * 1024) yield bytes.subarray(at, at + 256 * 1024);
}

/** A list that is not a file on this machine, read whole. */
export async function wholeList(uri: vscode.Uri): Promise<Uint8Array> {
  try {
    const found = await vscode.workspace.fs.stat(uri);
    if (!isPlainFile(found)) throw notAFile(vscode.workspace.asRelativePath(uri));
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw listMissing(vscode.workspace.asRelativePath(uri));
  }
}

/** Of a list on this machine, in bytes. */
export async function fileSize(uri: vscode.Uri): Promise<number> {
  const found = await stat(uri.fsPath).catch((error: unknown) => {
    throw readable(uri, error);
  });
  if (found.isDirectory()) throw listUnreadable(vscode.workspace.asRelativePath(uri), 'EISDIR');
  if (!found.isFile()) throw notAFile(vscode.workspace.asRelativePath(uri));
  return found.size;
}

/** What the system says, for a person; everything else as it is. */
export function readable(uri: vscode.Uri, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (!(error instanceof Error) || !('syscall' in error) || code === undefined) return error;
  const shown = vscode.workspace.asRelativePath(uri);
  return code === 'ENOENT' || code === 'ENOTDIR' ? listMissing(shown) : listUnreadable(shown, code);
}
