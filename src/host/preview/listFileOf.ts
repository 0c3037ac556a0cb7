import { open, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ListFile, memoryList } from '../../compose/index.ts';
import { msg, UserError } from '../../shared/errors.ts';

/**
 * A list that can be read from any byte on: of its editor when it has unsaved changes there, a file of this machine
 * piece by piece, anything else whole. Rejects with a UserError, code `missing`, when it is not there.
 */
export async function listFileOf(uri: vscode.Uri, memory: typeof memoryList): Promise<ListFile> {
  const editor = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (editor?.isDirty) return memory(new TextEncoder().encode(editor.getText()));
  if (uri.scheme !== 'file') {
    try {
      return memory(await vscode.workspace.fs.readFile(uri));
    } catch {
      throw missing(uri);
    }
  }
  const found = await stat(uri.fsPath).catch(() => null);
  if (!found?.isFile()) throw missing(uri);
  return {
    size: found.size,
    // Opened anew each time: a handle kept open would hinder others from replacing the file.
    async read(offset, length) {
      const file = await open(uri.fsPath, 'r');
      try {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
}

function missing(uri: vscode.Uri): UserError {
  return new UserError(
    'missing',
    msg('The list {0} is not there.', vscode.workspace.asRelativePath(uri)),
    msg('Correct “recipients”, or use “Envoi: Choose Recipients…”.'),
    { file: uri.toString() },
  );
}
