import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Finished, runCli } from './runCli.ts';

/** Tells at the end which of Node's own modules were loaded, and which files. */
const TELL = `process.on('exit', () => {
  const names = process.moduleLoadList.map((entry) => /^NativeModule ([a-z_]+)$/.exec(entry)?.[1]).filter(Boolean);
  require('node:fs').writeFileSync(process.env.TOLD, JSON.stringify({ names, files: Object.keys(require.cache) }));
});`;

describe('the command when it starts', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'envoi-start-'));
    await writeFile(join(folder, 'tell.cjs'), TELL);
    await writeFile(
      join(folder, 'letter.md'),
      '---\nsubject: Hello\nfrom: ada@sender.example\nkind: internal\nrecipients: list.csv\n---\nHello.\n',
    );
    await writeFile(join(folder, 'list.csv'), 'email\nada@post.example\n');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function loadedBy(...args: string[]): Promise<{ names: string[]; files: string[]; run: Finished }> {
    const told = join(folder, 'told.json');
    const options = `${process.env.NODE_OPTIONS ?? ''} --require ${join(folder, 'tell.cjs')}`;
    const run = await runCli(args, { cwd: folder, env: { NODE_OPTIONS: options, TOLD: told } });
    const { default: loaded } = await import(`file://${told}?${Math.random()}`, { with: { type: 'json' } });
    return { ...loaded, run };
  }

  it('prints its usage without loading the engine, a letter or cryptography', async () => {
    for (const words of [['--help'], ['--version'], ['help', 'send'], ['check', 'letter.md', '--help']]) {
      const { names, files, run } = await loadedBy(...words);
      assert.equal(run.code, 0, run.stderr);
      assert.deepEqual(files.map((file) => basename(file)).sort(), ['cli.cjs', 'tell.cjs', 'usage.cjs']);
      assert.deepEqual(
        names.filter((name) => ['sqlite', 'crypto', 'tls', 'https', 'child_process', 'dns', 'zlib'].includes(name)),
        [],
      );
    }
  });

  it('says what is wrong with a command line that also asks for help, and shows its usage where nothing was asked', async () => {
    const wrong = await loadedBy('send', '--help', '--nonsense');
    assert.equal(wrong.run.code, 2);
    assert.match(wrong.run.stderr, /--nonsense/);
    const nothing = await loadedBy();
    assert.equal(nothing.run.code, 2);
    assert.match(nothing.run.stdout, /envoi COMMAND --help/);
  });

  it('says which Node it needs when it runs on an older one', async () => {
    const older = join(folder, 'older.cjs');
    for (const [version, code] of [
      ['20.20.2', 2],
      ['22.12.0', 2],
      ['22.13.0', 0],
      ['24.1.0', 0],
    ] as const) {
      await writeFile(older, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
      const run = await runCli(['--version'], { cwd: folder, env: { NODE_OPTIONS: `--require ${older}` } });
      assert.equal(run.code, code, version);
      if (code > 0) assert.match(run.stderr, new RegExp(`envoi needs Node 22\\.13 or later; this is ${version}`));
    }
  });

  it('checks a letter without the engine', async () => {
    const { names, run } = await loadedBy('check', 'letter.md');
    assert.match(run.stdout + run.stderr, /1 recipient/);
    assert.deepEqual(
      names.filter((name) => ['sqlite', 'tls', 'https', 'dns', 'child_process', 'worker_threads'].includes(name)),
      [],
    );
  });

  it('keeps Node’s compile cache in the person’s own cache folder, and does without when it cannot', async () => {
    const cache = join(folder, 'cache');
    await mkdir(cache);
    assert.equal((await runCli(['--help'], { cwd: folder, env: { XDG_CACHE_HOME: cache } })).code, 0);
    if (process.platform === 'linux') {
      const kept = await readdir(join(cache, 'envoi'), { recursive: true });
      assert.ok(kept.length > 0);
      assert.equal((await stat(join(cache, 'envoi'))).mode & 0o022, 0, 'nobody else may write there');
    }
    await rm(join(cache, 'envoi'), { recursive: true, force: true });
    await mkdir(join(cache, 'envoi'));
    await chmod(join(cache, 'envoi'), 0o777);
    assert.equal((await runCli(['--help'], { cwd: folder, env: { XDG_CACHE_HOME: cache } })).code, 0);
    if (process.platform === 'linux') assert.deepEqual(await readdir(join(cache, 'envoi')), [], 'not where others may');
    const file = join(folder, 'no-folder');
    await writeFile(file, '');
    await chmod(file, 0o400);
    const without = await runCli(['--help'], { cwd: folder, env: { XDG_CACHE_HOME: file } });
    assert.deepEqual([without.code, without.stderr], [0, '']);
  });
});
