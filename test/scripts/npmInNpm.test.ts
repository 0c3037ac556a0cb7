import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { must, plainNpmEnvironment } from '../../scripts/lib/run.ts';

/** What an npm of another version, under another Node, tells the scripts it runs; the names are npm 11's. */
const OUTER = {
  npm_config_user_agent: 'npm/9.0.0 node/v20.20.2 linux x64 workspaces/false',
  npm_config_npm_version: '9.0.0',
  npm_config_node_gyp: '/nowhere/node-gyp.js',
  npm_config_local_prefix: '/nowhere/project',
  npm_config_global_prefix: '/nowhere',
  npm_config_prefix: '/nowhere',
  npm_config_globalconfig: '/nowhere/npmrc',
  npm_config_init_module: '/nowhere/.npm-init.js',
  npm_execpath: '/nowhere/npm-cli.js',
  npm_node_execpath: '/nowhere/node',
  npm_command: 'test',
  npm_lifecycle_event: 'test',
  npm_package_json: '/nowhere/package.json',
  NODE: '/nowhere/node',
  NODE_OPTIONS: '--no-deprecation',
  INIT_CWD: '/nowhere',
};

test('an npm started by a script of npm tells install scripts of its own Node, not of the outer one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-npm-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const scripts = { postinstall: 'node tell.cjs' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'inner', version: '1.0.0', scripts }));
  await writeFile(join(folder, 'tell.cjs'), `require('fs').writeFileSync('told.json', JSON.stringify(process.env));`);
  await mkdir(join(folder, 'home'));
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const outer = { ...process.env, ...OUTER, PATH: path, HOME: join(folder, 'home'), npm_config_loglevel: 'error' };
  await must('npm', ['install', '--offline'], { cwd: folder, env: plainNpmEnvironment(outer) });
  const told = JSON.parse(await readFile(join(folder, 'told.json'), 'utf8')) as Record<string, string>;
  assert.match(String(told.npm_config_user_agent), new RegExp(`node/${process.version.replaceAll('.', '\\.')} `));
  for (const [name, value] of Object.entries(OUTER)) assert.notEqual(told[name], value, name);
  assert.equal(told.npm_config_loglevel, 'error', 'what a person sets stays');
});
