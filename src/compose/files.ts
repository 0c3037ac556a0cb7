import { posix } from 'node:path';

/**
 * The files a document may use. Paths are POSIX, relative to the document's folder and normalised. The implementer
 * confines them and rejects with a UserError, code `outside` or `missing`.
 */
export interface Files {
  read(path: string): Promise<Uint8Array>;
}

/** A path as `Files` wants it, or undefined for one that is absolute, a URL, or leads out of every folder. */
export function relativePath(written: string): string | undefined {
  const path = written.replaceAll('\\', '/');
  if (path === '' || path.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(path) || path.includes('\0')) return undefined;
  return posix.normalize(path).replace(/^\.\//, '');
}
