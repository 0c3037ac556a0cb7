import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type * as vscode from 'vscode';

const KEEP_MS = 14 * 86_400_000;
/** The engine last: once it exists, everything it loads does. */
const FILES = ['mailbox.cjs', 'evidence.cjs', 'engine.cjs'];

/**
 * Copies the engine's bundle, with what it loads on first use, to a folder named by its content and gives back the copy: the extension's own folder goes
 * away with an update while an engine may still run from it. Copies unused for two weeks are removed.
 */
export async function stageEngine(context: vscode.ExtensionContext): Promise<string> {
  const dist = join(context.extensionPath, 'dist');
  const hash = createHash('sha256');
  for (const file of FILES) hash.update(await readFile(join(dist, file)));
  const root = join(context.globalStorageUri.fsPath, 'engine');
  const name = `${String(context.extension.packageJSON.version)}-${hash.digest('hex').slice(0, 12)}`;
  const target = join(root, name, 'engine.cjs');
  if (!(await isThere(target))) {
    await mkdir(join(root, name), { recursive: true, mode: 0o700 });
    for (const file of FILES) {
      const part = join(root, name, `${file}.${process.pid}.part`);
      await copyFile(join(dist, file), part);
      await rename(part, join(root, name, file));
    }
  }
  await removeOld(root, name);
  return target;
}

async function removeOld(root: string, current: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (name === current) continue;
    const found = await stat(join(root, name)).catch(() => null);
    // Windows does not delete a file that a process holds: it is removed another time.
    if (found && Date.now() - found.mtimeMs > KEEP_MS)
      await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
