import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ListFile, memoryList } from '../../compose/index.ts';
import { fileSize, readable, wholeList } from './list.ts';

/**
 * A list that can be read from any byte on: of its editor when it has unsaved changes there, a file of this machine
 * piece by piece, anything else whole. Rejects with a UserError when it is not there or not to be read.
 */
export async function listFileOf(uri: vscode.Uri, memory: typeof memoryList): Promise<ListFile> {
  const editor = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (editor?.isDirty) return memory(new TextEncoder().encode(editor.getText()));
  if (uri.scheme !== 'file') return memory(await wholeList(uri));
  return {
    size: await fileSize(uri),
    // Opened each time: a handle kept open would keep others from replacing the file.
    async read(offset, length) {
      const file = await open(uri.fsPath, 'r').catch((error: unknown) => {
        throw readable(uri, error);
      });
      try {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
}
