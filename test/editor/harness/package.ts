import { cp, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { must } from '../../../scripts/lib/run.ts';
import { repositoryFiles, root } from '../../repository/sources.ts';

export interface Package {
  /** The copy of the checkout it was made in. */
  folder: string;
  vsix: string;
  bytes: number;
  /** Paths inside, as `vsce ls` tells them. */
  files: string[];
}

/** Packages a copy of the checkout, so that the production build does not get in the way of running tests. */
export async function makePackage(test: TestContext): Promise<Package> {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-package-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  for (const path of repositoryFiles()) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(root, path), join(folder, path));
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const npm = (...args: string[]) => must('npm', ['run', '--silent', ...args], { cwd: folder });
  await npm('package');
  const vsix = join(folder, 'envoi.vsix');
  const listed = await must(process.execPath, [vsce(), 'ls', '--no-dependencies'], { cwd: folder });
  const files = listed.split('\n').filter((line) => line !== '' && !line.startsWith('>') && !/\s/.test(line));
  return { folder, vsix, bytes: (await stat(vsix)).size, files };
}

const vsce = () => join(root, 'node_modules/@vscode/vsce/vsce');
