import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { keysThatNeedTrust } from '../../src/shared/folderSettings.ts';
import { finished, jsonLines, startCli } from '../main/runCli.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';
import { scriptLacking, Terminal } from './terminal.ts';

const secret = 'right horse';
const env = { ENVOI_PASSWORD_OFFICE: secret };

describe('settings next to a letter', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  before(async () => {
    server = await SmtpServer.start({ users: { ada: secret } });
  });
  after(() => server.close());
  beforeEach(async () => {
    server.messages.length = 0;
    server.connections = 0;
    sandbox = await Sandbox.make();
    await sandbox.writeSettings(server.port, { user: 'ada', auth: 'password' });
  });
  afterEach(() => sandbox.remove());
  const nothingLeft = () => assert.deepEqual([server.connections, server.messages.length], [0, 0]);

  for (const words of [
    'check letter.md',
    'render letter.md',
    'test letter.md --to ada@example.org',
    'send letter.md --yes',
    'servers test',
  ])
    it(`are refused by “${words}” when nobody has trusted them, and no server is contacted`, async () => {
      const { code, stdout, stderr } = await sandbox.runAsStranger(words, env);
      assert.equal(code, 2);
      assert.match(stderr, /^envoi: envoi\.json: These settings set envoi\.servers, .*envoi trust envoi\.json/);
      assert.equal(stderr.trim().split('\n').length, 1);
      assert.equal(stdout, '');
      nothingLeft();
    });

  for (const [key, value] of Object.entries({
    'envoi.direct': { dnsServers: ['127.0.0.1'] },
    'envoi.direct.dnsServers': ['127.0.0.1'],
    'envoi.dkim': { 'sender.example': { selector: 'a', privateKeyFile: '/etc/passwd' } },
    'envoi.unsubscribe': { url: 'https://elsewhere.example/{{ token }}' },
    'envoi.testRecipients': ['somebody@elsewhere.example'],
    'envoi.servers.office.host': '127.0.0.1',
  }))
    it(`are refused for ${key} alone`, async () => {
      await sandbox.write('envoi.json', JSON.stringify({ [key]: value }));
      const { code, stderr } = await sandbox.runAsStranger('check letter.md');
      assert.equal(code, 2);
      assert.match(stderr, /you have not trusted their current version yet/);
    });

  it('may set names and texts without trust', async () => {
    const texts = {
      'envoi.postalAddress': '1 Letter Lane',
      'envoi.from': 'Ada <ada@sender.example>',
      'envoi.route': ['direct'],
    };
    assert.deepEqual(keysThatNeedTrust(texts), []);
    await sandbox.write('envoi.json', JSON.stringify(texts));
    const { code, stdout } = await sandbox.runAsStranger('check letter.md');
    assert.equal(code, 0, stdout);
  });

  it('apply once they are trusted, until they change, and only in their folder', async () => {
    const trusted = await sandbox.runAsStranger('trust letter.md --yes');
    assert.equal(trusted.code, 0, trusted.stderr);
    assert.match(
      trusted.stderr,
      /envoi\.servers\.office +ada@127\.0\.0\.1:\d+, gets the password in ENVOI_PASSWORD_OFFICE/,
    );
    const sent = await sandbox.runAsStranger('send letter.md --yes', env);
    assert.equal(sent.code, 0, sent.stderr);
    assert.equal(server.messages.length, 3);
    const copy = join(sandbox.folder, 'copy');
    await mkdir(copy);
    for (const name of ['letter.md', 'list.csv', 'envoi.json']) await cp(join(sandbox.folder, name), join(copy, name));
    assert.equal((await sandbox.runAsStranger('check copy/letter.md')).code, 2);
    await sandbox.writeSettings(server.port, { user: 'ada', auth: 'password' }, { 'envoi.direct': { port: 26 } });
    assert.equal((await sandbox.runAsStranger('check letter.md')).code, 2);
  });

  it('are not trusted because of a torn record', async () => {
    await mkdir(join(sandbox.folder, 'person', 'envoi'), { recursive: true });
    await writeFile(join(sandbox.folder, 'person', 'envoi', 'trust.json'), '{"settings": 7, "passwords": {"ENVOI_');
    assert.equal((await sandbox.runAsStranger('check letter.md')).code, 2);
  });

  it('apply when named with --config, but a password from the environment goes to no new account', async () => {
    const words = 'send letter.md --yes --again --config envoi.json';
    const { code, stderr } = await sandbox.runAsStranger(words, env);
    assert.equal(code, 2);
    assert.match(stderr, /ENVOI_PASSWORD_OFFICE has never been used with ada@127\.0\.0\.1:\d+,.*--trust/);
    assert.ok(!stderr.includes(secret));
    nothingLeft();
    assert.equal((await sandbox.runAsStranger(`${words} --trust`, env)).code, 0);
    assert.equal((await sandbox.runAsStranger(words, env)).code, 0, 'the same account again');
    assert.equal(server.messages.length, 6);
    for (const change of [{ user: 'bob' }, { host: 'localhost' }]) {
      await sandbox.writeSettings(server.port, { user: 'ada', auth: 'password', ...change });
      assert.match(
        (await sandbox.runAsStranger(words, env)).stderr,
        /has never been used with/,
        JSON.stringify(change),
      );
    }
    assert.equal(server.messages.length, 6);
  });

  it('do not get a password through “resume” either', async () => {
    await sandbox.writeSettings(server.port, { user: 'ada', auth: 'password', rate: '1/minute' });
    const child = startCli(sandbox.args('send letter.md --yes --json'), { cwd: sandbox.folder, env });
    // Only then does it listen for Ctrl+C.
    let told = false;
    child.stdout?.on('data', (text: Buffer) => {
      if (!told && text.includes('"progress"')) told = child.kill('SIGINT');
    });
    const paused = await finished(child);
    assert.equal(paused.code, 3, paused.stderr);
    const id = jsonLines(paused.stdout).find(({ event }) => event === 'started')?.campaign;
    const before = server.messages.length;
    const elsewhere = { ...env, XDG_STATE_HOME: join(sandbox.folder, 'another') };
    const { code, stderr } = await sandbox.runAsStranger(`resume ${id}`, elsewhere);
    assert.equal(code, 2);
    assert.match(stderr, /has never been used with ada@/);
    assert.equal(server.messages.length, before);
  });

  it('are shown on a terminal and asked about, and a no is a no', { skip: scriptLacking }, async () => {
    const asked = (words: string) =>
      new Terminal(sandbox.strangerArgs(words), { cwd: sandbox.folder, env: { ...sandbox.person, ...env } });
    const no = asked('test letter.md --to ada@example.org');
    await no.shows(/until they change\? Type yes: /);
    assert.match(no.text, /office +ada@127\.0\.0\.1:\d+, gets the password in ENVOI_PASSWORD_OFFICE/);
    no.enter('y');
    assert.equal(await no.ended, 2);
    nothingLeft();
    const yes = asked('test letter.md --to ada@example.org');
    await yes.shows(/until they change\? Type yes: /);
    yes.enter('yes');
    assert.equal(await yes.ended, 0, yes.text);
    assert.equal(server.messages.length, 1);
  });
});
