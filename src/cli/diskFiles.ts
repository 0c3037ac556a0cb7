import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Files } from '../compose/index.ts';
import { msg, UserError } from '../shared/errors.ts';

/** Files beside a document: inside its git repository, or its folder where there is none; links leading out are refused. */
export function diskFiles(documentPath: string): Files {
  const folder = realpathSync(dirname(documentPath));
  const root = gitRoot(folder) ?? folder;
  return {
    read: async (path) => {
      const wanted = resolve(folder, path);
      const real = await realpath(wanted).catch(() => null);
      if (real === null) {
        throw new UserError(
          'missing',
          msg('There is no file {0}.', path),
          msg('Correct the path or put the file there.'),
        );
      }
      if (real !== root && !real.startsWith(root + sep)) {
        throw new UserError(
          'outside',
          msg('The file {0} lies outside {1}.', path, root),
          msg('Copy it beside the document.'),
        );
      }
      return readFile(real);
    },
  };
}

/** Commit of the document's repository, "" without one; "+" marks a document that differs from it. */
export function gitCommit(documentPath: string): string {
  const folder = dirname(documentPath);
  const commit = git(folder, ['rev-parse', 'HEAD']);
  if (!commit) return '';
  return git(folder, ['status', '--porcelain', '--', documentPath]) === '' ? commit : `${commit}+`;
}

function gitRoot(folder: string): string | null {
  const root = git(folder, ['rev-parse', '--show-toplevel']);
  return root && !relative(root, folder).startsWith('..') ? realpathSync(root) : null;
}

function git(folder: string, args: readonly string[]): string | null {
  try {
    return execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
