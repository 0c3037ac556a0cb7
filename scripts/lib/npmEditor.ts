import { dirname, join } from 'node:path';
import { builtOnce } from './builtOnce.ts';
import { installNode, nodeIn } from './npmNode.ts';
import { must, plainNpmEnvironment } from './run.ts';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

/** The server build of VS Code, made from npm packages; it runs in a browser. */
export interface NpmEditor {
  /** The Node that runs it and its extension host. */
  node: string;
  serverMain: string;
}

const SERVER = 'node_modules/code-server/lib/vscode';
const SERVER_MAIN = join(SERVER, 'out/server-main.js');
const NATIVE = join(SERVER, 'node_modules/@vscode/spdlog/build/Release/spdlog.node');

/** The built editor, building it first (two to three minutes, about 800 MB) when it is not there whole. */
export async function ensureNpmEditor(): Promise<NpmEditor> {
  const folder = await builtOnce({
    name: 'The test editor',
    folder: `code-server-${CODE_SERVER}-node-${NODE}-${process.platform}-${process.arch}`,
    parts: [nodeIn(''), SERVER_MAIN, NATIVE],
    make: build,
  });
  return { node: nodeIn(folder), serverMain: join(folder, SERVER_MAIN) };
}

/** Its install scripts compile, so they run on the Node that will load what they make. */
async function build(folder: string): Promise<void> {
  await installNode(folder, NODE);
  const bin = dirname(nodeIn(folder));
  const env = plainNpmEnvironment();
  const npm = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  await must('npm', [...npm, `code-server@${CODE_SERVER}`], {
    cwd: folder,
    env: { ...env, CI: 'true', PATH: `${bin}:${env.PATH ?? ''}`, npm_config_nodedir: dirname(bin) },
  });
}
