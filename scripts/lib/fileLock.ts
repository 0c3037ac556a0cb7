import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 500;
/** A lock whose owner never wrote its pid died in between. */
const UNNAMED_MS = 10_000;

/**
 * Runs `work` while holding a lock that other processes of this user respect. A lock left behind by a process that no
 * longer lives is taken over. `waiting` is called once if somebody else holds it.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>, waiting: () => void): Promise<T> {
  let told = false;
  while (!(await take(folder))) {
    if (await abandoned(folder)) {
      await rm(folder, { recursive: true, force: true });
      continue;
    }
    if (!told) waiting();
    told = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function take(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await writeFile(join(folder, 'pid'), String(process.pid));
  return true;
}

async function abandoned(folder: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    if (pid > 0) return !alive(pid);
    const { mtimeMs } = await stat(folder);
    return Date.now() - mtimeMs > UNNAMED_MS;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const age = await stat(folder).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    return age > UNNAMED_MS;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
