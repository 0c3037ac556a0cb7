import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { withLock } from './fileLock.ts';
import { must, plainNpmEnvironment } from './run.ts';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

/** The server build of VS Code, made from npm packages; it runs in a browser. */
export interface NpmEditor {
  /** The Node that runs it and its extension host. */
  node: string;
  serverMain: string;
}

/** Where builds are kept: outside the repository, so that clones share one. */
export function editorCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'envoi-editor');
}

/** The built editor, building it first (two to three minutes, about 800 MB) when it is not there whole. */
export async function ensureNpmEditor(): Promise<NpmEditor> {
  const folder = join(editorCache(), `code-server-${CODE_SERVER}-node-${NODE}-${process.platform}-${process.arch}`);
  if (await whole(folder)) return placesIn(folder);
  await mkdir(editorCache(), { recursive: true });
  return withLock(
    `${folder}.lock`,
    async () => {
      if (!(await whole(folder))) await build(folder);
      return placesIn(folder);
    },
    () => console.error('Another process is building the editor; waiting for it.'),
  );
}

function placesIn(folder: string): NpmEditor {
  return {
    node: join(folder, 'node_modules', nodePackage(), 'bin/node'),
    serverMain: join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

const nodePackage = () => `node-${process.platform}-${process.arch}`;

/** A build counts only with its mark, which is written last, and with the parts that make it start. */
async function whole(folder: string): Promise<boolean> {
  const { node, serverMain } = placesIn(folder);
  const native = join(dirname(dirname(serverMain)), 'node_modules/@vscode/spdlog/build/Release/spdlog.node');
  const mark = await readFile(join(folder, 'whole'), 'utf8').catch(() => '');
  return mark === 'whole' && [node, serverMain, native].every((path) => existsSync(path));
}

/** Built beside its final place and renamed, so that a torn build is never taken for a whole one. */
async function build(folder: string): Promise<void> {
  console.error(`Building the test editor once, in ${folder} (two to three minutes).`);
  const started = Date.now();
  await removeTorn(folder);
  const work = await mkdtemp(`${folder}.building-`);
  try {
    await writeFile(join(work, 'package.json'), '{ "private": true }\n');
    const env: NodeJS.ProcessEnv = { ...plainNpmEnvironment(), CI: 'true' };
    const npm = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    await must('npm', [...npm, `${nodePackage()}@${NODE}`], { cwd: work, env });
    const nodeFolder = join(work, 'node_modules', nodePackage());
    const path = `${join(nodeFolder, 'bin')}:${env.PATH ?? ''}`;
    const forBuild = { ...env, PATH: path, npm_config_nodedir: nodeFolder };
    await must('npm', [...npm, `code-server@${CODE_SERVER}`], { cwd: work, env: forBuild });
    await writeFile(join(work, 'whole'), 'whole');
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
    if (!(await whole(folder))) throw new Error(`npm left the editor incomplete in ${folder}.`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  console.error(`The test editor is ready (${Math.round((Date.now() - started) / 1000)} s).`);
}

/** What builds that were killed left behind; called with the lock held, so no other build is under way. */
async function removeTorn(folder: string): Promise<void> {
  const names = await readdir(dirname(folder));
  const torn = names.filter((name) => name.startsWith(`${basename(folder)}.building-`));
  for (const name of torn) await rm(join(dirname(folder), name), { recursive: true, force: true });
}
