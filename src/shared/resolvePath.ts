import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** "~" is the home folder; a relative path is relative to `baseDir`. */
export function resolvePath(path: string, baseDir: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(baseDir, path);
}
