import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Every file of the repository, tracked or about to be, as paths with forward slashes. */
export function repositoryFiles(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path))).sort();
}

export const text = (path: string): string => readFileSync(join(root, path), 'utf8');

export const json = (path: string) => JSON.parse(text(path));

/** Modules of the product: src and the webview's page. */
export function modules(): string[] {
  return repositoryFiles().filter((path) => /^(src|media)\/.*\.ts$/.test(path));
}

export interface Import {
  /** Path in the repository for a relative one, otherwise the specifier as written. */
  target: string;
  relative: boolean;
  typeOnly: boolean;
  line: number;
}

const IMPORT =
  /^[ \t]*(import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^[ \t]*import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|\brequire\(\s*'([^']+)'\s*\)/gm;

export function importsOf(path: string): Import[] {
  const source = text(path);
  return [...source.matchAll(IMPORT)].map((match) => {
    const specifier = match[3] ?? match[4] ?? match[5] ?? match[6] ?? '';
    const isRelative = specifier.startsWith('.');
    return {
      target: isRelative ? relative(root, resolve(root, dirname(path), specifier)).replaceAll('\\', '/') : specifier,
      relative: isRelative,
      typeOnly: match[2] !== undefined,
      line: source.slice(0, match.index).split('\n').length,
    };
  });
}
