import { join } from 'node:path';
import { builtOnce } from './builtOnce.ts';
import { must, plainNpmEnvironment } from './run.ts';

/** The Node of the oldest editor that package.json promises: VS Code 1.101. */
export const OLDEST_NODE = '22.15.1';

/** The first Node that has `node:sqlite` without a flag; nothing of the editor is needed for the command. */
export const OLDEST_NODE_OF_THE_COMMAND = '22.13.0';

/** npm's packages of Node itself are named by platform; they hold one program and no install script. */
export const nodePackage = (): string =>
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

export const nodeIn = (folder: string): string =>
  join(folder, 'node_modules', nodePackage(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

export async function installNode(folder: string, version: string): Promise<void> {
  const npm = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  await must('npm', [...npm, `${nodePackage()}@${version}`], { cwd: folder, env: plainNpmEnvironment() });
}

/** A Node of that version, from the npm registry, kept between runs. */
export async function ensureNode(version: string): Promise<string> {
  const folder = await builtOnce({
    name: `Node ${version}`,
    folder: `node-${version}-${process.platform}-${process.arch}`,
    parts: [nodeIn('')],
    make: (work) => installNode(work, version),
  });
  return nodeIn(folder);
}
