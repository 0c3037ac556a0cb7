import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';

const KEY = 'envoi.testedTexts';
const KEEP = 200;

/** Remembers, by hash, which texts were sent as a test. */
export async function rememberTested(text: string, memento: vscode.Memento): Promise<void> {
  const hash = hashOf(text);
  const known = memento.get<string[]>(KEY, []).filter((item) => item !== hash);
  await memento.update(KEY, [...known, hash].slice(-KEEP));
}

export function wasTested(text: string, memento: vscode.Memento): boolean {
  return memento.get<string[]>(KEY, []).includes(hashOf(text));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
