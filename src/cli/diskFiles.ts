import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { Files } from '../compose/index.ts';
import { msg, UserError } from '../shared/errors.ts';
import { readPlainFile } from '../shared/plainFile.ts';
import { repositoryOf } from './gitCommit.ts';

/** Larger files are refused: no mail system accepts them, and they would only fill memory. */
const MAX_FILE = 50 * 1024 * 1024;

/** Files beside a document: inside its git repository, or its folder where there is none; links leading out are refused. */
export function diskFiles(documentPath: string): Files {
  const folder = realpathSync(dirname(documentPath));
  return {
    read: async (path) => {
      const wanted = resolve(folder, path);
      const root = documentRoot(documentPath);
      const real = await realpath(wanted).catch(() => null);
      if (real === null && isInside(wanted, root)) {
        throw new UserError(
          'missing',
          msg('There is no file {0}.', path),
          msg('Correct the path, or put the file there.'),
        );
      }
      if (real === null || !isInside(real, root)) {
        throw new UserError(
          'outside',
          msg('The file {0} is outside {1}.', path, root),
          msg('Copy it next to the document.'),
        );
      }
      return readPlainFile(real, MAX_FILE);
    },
  };
}

/** The folder that a document's files may lie in: its repository, else its own. Links are followed. */
export function documentRoot(documentPath: string): string {
  const folder = realpathSync(dirname(documentPath));
  return repositoryOf(folder) ?? folder;
}

export function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
