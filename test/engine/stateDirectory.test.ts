import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { Sandbox } from '../cli/sandbox.ts';
import { finished, jsonLines, startCli } from '../main/runCli.ts';
import { SmtpServer } from '../support/smtpServer.ts';

const windows = process.platform === 'win32' && 'rights are those of the profile there';
const notRoot = process.getuid?.() !== 0 && 'only root can give files away';

describe('an existing state directory', { skip: windows }, () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  before(async () => {
    server = await SmtpServer.start();
  });
  after(() => server.close());
  beforeEach(async () => {
    server.messages.length = 0;
    sandbox = await Sandbox.make();
    await sandbox.writeSettings(server.port);
  });
  afterEach(() => sandbox.remove());

  async function refused(says: RegExp): Promise<void> {
    for (const words of ['send letter.md --yes', 'status', 'suppress a@example.org']) {
      const { code, stderr } = await sandbox.run(words);
      assert.equal(code, 2, words);
      assert.match(stderr, says);
    }
    assert.deepEqual(server.messages, []);
  }

  it('is refused when others can write to it, and an engine they put there is not used', async () => {
    mkdirSync(sandbox.state, { mode: 0o700 });
    let asked = 0;
    const endpoint = join(sandbox.folder, 'x.sock');
    const planted = createServer((socket) => {
      asked++;
      socket.destroy();
    }).listen(endpoint);
    await once(planted, 'listening');
    writeFileSync(
      join(sandbox.state, 'engine.json'),
      JSON.stringify({ endpoint, token: 't', pid: 1, protocol: 99, version: '9' }),
    );
    for (const mode of [0o777, 0o770, 0o722]) {
      chmodSync(sandbox.state, mode);
      await refused(/Other users can write to the state directory .*chmod 700/);
    }
    assert.equal(asked, 0);
    planted.close();
  });

  it('is refused when it is another user’s, by itself or by a link', { skip: notRoot }, async () => {
    const other = join(sandbox.folder, 'other');
    mkdirSync(other, { mode: 0o700 });
    execFileSync('chown', ['65534', other]);
    symlinkSync(other, sandbox.state);
    await refused(/belongs to another user/);
    rmSync(sandbox.state);
    renameSync(other, sandbox.state);
    await refused(/belongs to another user/);
  });

  it('is refused when a file in it is another user’s, a link or a pipe', { skip: notRoot }, async () => {
    mkdirSync(sandbox.state, { mode: 0o700 });
    const file = join(sandbox.state, 'engine.json');
    writeFileSync(file, '{}');
    execFileSync('chown', ['65534', file]);
    await refused(/engine\.json is not a regular file that you own/);
    rmSync(file);
    symlinkSync('/etc/hostname', join(sandbox.state, 'key'));
    await refused(/key is not a regular file that you own/);
    rmSync(join(sandbox.state, 'key'));
    execFileSync('mkfifo', [join(sandbox.state, 'envoi.db')]);
    await refused(/envoi\.db is not a regular file that you own/);
  });

  it('may be the user’s own link', async () => {
    mkdirSync(join(sandbox.folder, 'mine'), { mode: 0o700 });
    symlinkSync(join(sandbox.folder, 'mine'), sandbox.state);
    assert.equal((await sandbox.run('send letter.md --yes')).code, 0);
  });

  it('accepts no empty key: tokens could be forged', async () => {
    assert.equal((await sandbox.run('send letter.md --yes')).code, 0);
    assert.equal(readFileSync(join(sandbox.state, 'key')).length, 32);
    writeFileSync(join(sandbox.state, 'key'), '');
    const { code, stderr } = await sandbox.run('send letter.md --yes');
    assert.equal(code, 2);
    assert.match(stderr, /The key in .* is damaged: it has 0 bytes instead of 32/);
    assert.equal(server.messages.length, 3);
  });

  it('that is removed while sending ends it with an explanation, and leaves the next engine’s file alone', async () => {
    await sandbox.writeList(400);
    await sandbox.writeSettings(server.port, { rate: '40/second', maxConnections: 2 });
    const child = startCli(sandbox.args('send letter.md --yes --json'), { cwd: sandbox.folder });
    const ended = finished(child);
    await server.received(20);
    rmSync(sandbox.state, { recursive: true });
    const { code, stdout } = await ended;
    assert.equal(code, 3, stdout.slice(-1000));
    const last = jsonLines(stdout).at(-1);
    assert.match(JSON.stringify(last), /was removed or replaced while it was in use/);
    assert.ok(server.messages.length < 400);
  });

  it('keeps no socket of a killed engine once the next one starts', async () => {
    await sandbox.writeList(400);
    await sandbox.writeSettings(server.port, { rate: '20/second', maxConnections: 1 });
    const child = spawn(process.execPath, [resolve('dist/cli.cjs'), ...sandbox.args('send letter.md --yes --json')], {
      cwd: sandbox.folder,
      env: { ...process.env, ...sandbox.person, TMPDIR: sandbox.folder, XDG_RUNTIME_DIR: sandbox.folder },
      stdio: 'ignore',
    });
    await server.received(3);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const sockets = () =>
      readdirSync(join(sandbox.folder, `envoi-${userInfo().uid}`)).filter((name) => name.endsWith('.sock'));
    assert.equal(sockets().length, 1);
    await sandbox.writeSettings(server.port);
    await sandbox.writeList(3);
    assert.equal(
      (await sandbox.run('send letter.md --yes --again', { TMPDIR: sandbox.folder, XDG_RUNTIME_DIR: sandbox.folder }))
        .code,
      0,
    );
    assert.deepEqual(sockets(), []);
  });
});

describe('after a kill', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  before(async () => {
    server = await SmtpServer.start();
  });
  after(() => server.close());
  beforeEach(async () => {
    server.messages.length = 0;
    sandbox = await Sandbox.make();
    await sandbox.writeSettings(server.port, { rate: '40/second', maxConnections: 1 });
    await sandbox.writeList(200);
    const child = startCli(sandbox.args('send letter.md --yes --json'), { cwd: sandbox.folder });
    await server.received(10);
    child.kill('SIGKILL');
    await once(child, 'exit');
    server.messages.length = 0;
  });
  afterEach(() => sandbox.remove());

  it('another letter is sent alone: the old campaign waits, and that is reported', async () => {
    await sandbox.write(
      'second.md',
      readFileSync(join(sandbox.folder, 'letter.md'), 'utf8').replace('Hello', 'Second'),
    );
    await sandbox.write('two.csv', 'email,name\nx@example.org,X\ny@example.org,Y\n');
    const sent = await sandbox.json('send second.md --recipients two.csv --yes');
    assert.equal(sent.code, 0, sent.stderr);
    assert.deepEqual(server.messages.map(({ to }) => to[0]).sort(), ['x@example.org', 'y@example.org']);
    const waits = sent.lines.find(({ event }) => event === 'unfinished');
    assert.equal(waits?.total, 200);
    const said = await sandbox.run('send second.md --recipients two.csv --yes --again');
    assert.match(said.stderr, /“Hello …” is unfinished, \d+ of 200 sent\. Continue with: envoi resume \S+/);
    assert.equal(server.messages.length, 4);
  });

  it('a store without its log is reported, nothing is sent, and a person decides', async () => {
    const log = join(sandbox.state, 'envoi.db-wal');
    assert.ok(statSync(log).size > 0);
    rmSync(log);
    for (const words of ['resume', 'send letter.md --yes', 'status', 'store']) {
      const { code, stderr } = await sandbox.run(words);
      assert.equal(code, 2, words);
      assert.match(stderr, /is missing its last (?:change|\d+ changes):|is not the one that was there before/);
    }
    assert.match((await sandbox.run('store')).stderr, /envoi store go-on.*envoi store set-aside/);
    assert.deepEqual(server.messages, []);
    assert.equal((await sandbox.run('store go-on')).code, 0);
    assert.equal((await sandbox.run('store')).code, 0);
  });

  it('a store that is set aside is kept, and its suppressions are taken over', async () => {
    assert.equal((await sandbox.run('suppress left@example.org')).code, 0);
    rmSync(join(sandbox.state, 'envoi.mark'));
    assert.equal((await sandbox.run('status')).code, 2);
    assert.equal((await sandbox.run('store set-aside')).code, 0);
    assert.ok(existsSync(join(sandbox.state, 'envoi.aside-1.db')));
    const { lines } = await sandbox.json('suppressions');
    assert.ok(JSON.stringify(lines).includes('left@example.org'));
    assert.deepEqual((await sandbox.json('status')).lines, []);
  });
});
