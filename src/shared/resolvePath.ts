import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** "~" is the home folder; what is relative is so to `baseDir`. */
export function resolvePath(path: string, baseDir: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(baseDir, path);
}
