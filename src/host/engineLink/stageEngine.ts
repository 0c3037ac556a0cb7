import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type * as vscode from 'vscode';

const KEEP_MS = 14 * 86_400_000;

/**
 * Copies the engine's bundle to a folder named by its content and gives back the copy: the extension's own folder goes
 * away with an update while an engine may still run from it. Copies unused for two weeks are removed.
 */
export async function stageEngine(context: vscode.ExtensionContext): Promise<string> {
  const source = join(context.extensionPath, 'dist', 'engine.cjs');
  const hash = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 12);
  const root = join(context.globalStorageUri.fsPath, 'engine');
  const name = `${String(context.extension.packageJSON.version)}-${hash}`;
  const target = join(root, name, 'engine.cjs');
  if (!(await isThere(target))) {
    await mkdir(join(root, name), { recursive: true, mode: 0o700 });
    const part = `${target}.${process.pid}.part`;
    await copyFile(source, part);
    await rename(part, target);
  }
  await removeOld(root, name);
  return target;
}

async function removeOld(root: string, current: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (name === current) continue;
    const found = await stat(join(root, name)).catch(() => null);
    // Windows does not let go of a file that a process holds: it is removed another time.
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
