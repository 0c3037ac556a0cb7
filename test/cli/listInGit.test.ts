import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { indexNames, isTracked } from '../../src/cli/gitIndex.ts';
import { Sandbox } from './sandbox.ts';

describe('a list in a repository', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    git('init', '-q');
  });
  afterEach(() => sandbox.remove());

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', sandbox.folder, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const at = (name: string) => join(sandbox.folder, name);
  const check = async () => (await sandbox.run('check letter.md')).stdout;

  it('is named by check when git tracks it, and not otherwise', async () => {
    assert.doesNotMatch(await check(), /Git tracks/);
    git('add', 'list.csv');
    assert.match(await check(), /Git tracks the list: anyone who gets this repository gets its addresses too\./);
    const [checked] = (await sandbox.json('check letter.md')).lines.filter(({ event }) => event === 'checked');
    assert.equal(checked?.tracked, true);
    git('rm', '-q', '--cached', 'list.csv');
    assert.doesNotMatch(await check(), /Git tracks/);
  });

  it('is found in every version of the index, in folders, next to similar names, and in a work tree', async () => {
    await mkdir(at('lists/old'), { recursive: true });
    const names = [
      'lists/a.csv',
      'lists/a.csv.bak',
      'lists/old/a.csv',
      'lists/été 1.csv',
      `lists/${'x'.repeat(180)}.csv`,
    ];
    for (const name of names) await writeFile(at(name), 'email\n');
    for (const version of ['2', '4']) {
      git('update-index', '--index-version', version);
      for (const name of names) {
        assert.equal(isTracked(at(name)), false, `${name} before, in version ${version}`);
        git('add', name);
        assert.equal(isTracked(at(name)), true, `${name} in version ${version}`);
      }
      git('rm', '-rq', '--cached', 'lists');
    }
    // An entry that is only intended makes it version 3.
    git('update-index', '--index-version', '2');
    git('add', '--intent-to-add', 'lists/a.csv');
    git('add', 'lists/old/a.csv');
    assert.equal(readFileSync(at('.git/index')).readUInt32BE(4), 3);
    assert.equal(isTracked(at('lists/old/a.csv')), true);
    git('commit', '-q', '-m', 'a list');
    git('worktree', 'add', '-q', at('tree'));
    assert.equal(isTracked(at('tree/lists/old/a.csv')), true);
    assert.equal(isTracked(at('tree/lists/none.csv')), false);
  });

  it('runs no program that the repository names', async () => {
    await sandbox.write('run.sh', `#!/bin/sh\necho ran >> '${at('trace')}'\n`);
    await chmod(at('run.sh'), 0o755);
    git('add', 'list.csv');
    git('config', 'core.fsmonitor', at('run.sh'));
    await sandbox.write('.git/hooks/post-index-change', `#!/bin/sh\necho ran >> '${at('trace')}'\n`);
    await chmod(at('.git/hooks/post-index-change'), 0o755);
    assert.match(await check(), /Git tracks/);
    assert.equal(existsSync(at('trace')), false);
  });

  it('cannot be detected in a damaged index, which stops nothing', async () => {
    git('add', 'list.csv', 'letter.md');
    git('update-index', '--index-version', '4');
    const whole = readFileSync(at('.git/index'));
    for (let length = 0; length < whole.length; length += 3)
      try {
        indexNames(whole.subarray(0, length), 'no such name');
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    await writeFile(at('.git/index'), whole.subarray(0, 40));
    assert.match(await check(), /ready to send/);
  });
});
