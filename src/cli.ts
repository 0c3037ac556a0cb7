import { statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makePrivateDir } from './shared/privateDir.ts';

/** Where a person's programs keep what they can make again. */
function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  switch (process.platform) {
    case 'win32':
      return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'envoi', 'cache');
    case 'darwin':
      return join(homedir(), 'Library', 'Caches', 'envoi');
    default:
      return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'envoi');
  }
}

/** A folder that this user alone can write to; null where there is none. */
function privateCache(): string | null {
  const folder = cacheDir();
  try {
    makePrivateDir(folder);
    const { uid, mode } = statSync(folder);
    return process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0) ? null : folder;
  } catch {
    return null;
  }
}

// Node keeps what it compiles of the command: half of the time of a short one. In the person's own folder, not in the
// shared one that is Node's default, since what lies there is run.
const cache = isTooOld(process.versions.node) ? null : privateCache();
if (cache) enableCompileCache(cache);
void start(process.argv.slice(2));

/** Before 22.13, Node offers SQLite only on request; before 22.1, no compile cache. */
function isTooOld(node: string): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 13);
}

async function start(args: readonly string[]): Promise<void> {
  if (isTooOld(process.versions.node)) return (await import('./cli/usage.ts')).refuseOldNode();
  const usage = args.length === 0 || args.some((arg) => ['help', '--help', '-h', '--version', '-v'].includes(arg));
  if (usage && (await import('./cli/usage.ts')).printUsage(args)) return;
  withoutSqliteWarning();
  await import('./cli/main.ts');
}

/** Before Node 24, SQLite prints at each start that it is experimental. What the command uses of it is tested there. */
function withoutSqliteWarning(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (...args: unknown[]) => {
    if (args[1] !== 'ExperimentalWarning' || !String(args[0]).startsWith('SQLite ')) emit(...args);
  };
}
