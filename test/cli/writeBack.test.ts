import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Sandbox } from './sandbox.ts';

describe('writing back to a list', () => {
  let sandbox: Sandbox;
  let list: string;
  // A byte order mark, CRLF, quotes, a column that is no text, and no newline at its end.
  const before = Buffer.concat([
    Buffer.from('\ufeffemail;name;note\r\nreader1@example.org;"One; the first";\r\n'),
    Buffer.from([
      ...Buffer.from('reader2@example.org;Two;'),
      0xc3,
      0xa9,
      ...Buffer.from('\r\nreader3@example.org;Three;x'),
    ]),
  ]);
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    list = join(sandbox.folder, 'list.csv');
    await writeFile(list, before);
    await chmod(list, 0o640);
    await sandbox.run('suppress reader2@example.org --reason unsubscribed');
  });
  afterEach(() => sandbox.remove());
  const names = async () => (await readdir(sandbox.folder)).filter((name) => name.startsWith('list.csv')).sort();

  it('marks who must not be mailed, keeps every other byte, and can be undone', async () => {
    const { code, stdout } = await sandbox.run('write-back list.csv');
    assert.equal(code, 0);
    assert.match(stdout, /1 row of list\.csv is marked[\s\S]*Undo with envoi write-back list\.csv --undo/);
    const text = String(before);
    const marked = text
      .replace('note\r\n', 'note;envoi_status\r\n')
      .replace('first";\r\n', 'first";;\r\n')
      .replace('é\r\n', 'é;unsubscribed\r\n')
      .replace(/x$/, 'x;');
    assert.equal(String(await readFile(list)), marked);
    const { mode } = await stat(list);
    assert.equal(mode & 0o777, 0o640);
    const [, copy = ''] = await names();
    assert.equal((await stat(join(sandbox.folder, copy))).mode & 0o777, 0o600);
    assert.equal((await sandbox.run('write-back list.csv --undo')).code, 0);
    assert.deepEqual(await readFile(list), before);
    assert.deepEqual(await names(), ['list.csv']);
  });

  it('removes their rows, through a link too, and keeps one copy only', async () => {
    await symlink(list, join(sandbox.folder, 'link.csv'));
    const { lines } = await sandbox.json('write-back link.csv --remove');
    assert.deepEqual([lines[0]?.way, lines[0]?.rows], ['remove', 1]);
    assert.equal(String(await readFile(list)), String(before).replace(/reader2.*\r\n/, ''));
    await sandbox.run('suppress reader3@example.org');
    await sandbox.run('write-back list.csv --remove');
    assert.equal((await names()).length, 2);
    const again = await sandbox.json('write-back list.csv --remove');
    assert.equal(again.lines[0]?.rows, 0);
    assert.equal((await names()).length, 2, 'the copy stays while nothing is written');
  });

  it('a list that has been changed since is left as it is', async () => {
    await sandbox.run('write-back list.csv');
    const changed = Buffer.concat([await readFile(list), Buffer.from('\r\nreader4@example.org;Four;;')]);
    await writeFile(list, changed);
    const { code, stderr } = await sandbox.run('write-back list.csv --undo');
    assert.equal(code, 2);
    assert.match(stderr, /has changed since then, or nothing was ever written back/);
    assert.deepEqual(await readFile(list), changed);
  });
});
