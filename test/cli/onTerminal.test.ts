import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';
import { scriptLacking, Terminal } from './terminal.ts';

describe('on a terminal the command', { skip: scriptLacking }, () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  let terminal: Terminal | undefined;
  before(async () => {
    server = await SmtpServer.start({ users: { ada: 'right horse' } });
  });
  after(() => server.close());
  beforeEach(async () => {
    server.messages.length = 0;
    sandbox = await Sandbox.make();
    await sandbox.writeSettings(server.port);
  });
  afterEach(async () => {
    terminal?.kill();
    await sandbox.remove();
  });

  function open(words: string): Terminal {
    terminal = new Terminal(sandbox.args(words), { cwd: sandbox.folder });
    return terminal;
  }

  it('says what will be sent, and sends nothing without a yes', async () => {
    await sandbox.writeSettings(server.port, { quota: '2/hour' });
    await sandbox.write(
      'list.csv',
      'email,name\na@example.org,A\nb@example.org,B\nb@example.org,B\nc@example.org,C\nno,\n',
    );
    const shown = open('send letter.md');
    await shown.shows(/Type yes: /);
    assert.match(shown.text, /Letter +“Hello A” to a@example\.org, from letter\.md/);
    assert.match(shown.text, /From +Ada <ada@sender\.example>/);
    assert.match(shown.text, /To +3 recipients from list\.csv/);
    assert.match(shown.text, /Left out +1 invalid address, 1 duplicate/);
    assert.match(shown.text, /Via +office \(127\.0\.0\.1, at most 2\/hour\), from /);
    assert.match(shown.text, /Duration +about 1 h: all via office; office waits because of its limit of 2\/hour/);
    shown.enter('y');
    assert.equal(await shown.ended, 2);
    assert.match(shown.text, /Nothing was sent/);
    assert.deepEqual(server.messages, []);
  });

  it('sends after a yes, draws its bar in place, and says what to type next', async () => {
    const shown = open('send letter.md');
    await shown.shows(/Type yes: /);
    shown.enter('yes');
    assert.equal(await shown.ended, 0);
    assert.equal(server.messages.length, 3);
    assert.match(shown.text, /100% +3\/3/);
    assert.match(shown.text, /Done in \d+ s/);
    assert.match(shown.text, /sent +3 +accepted by the next server/);
    assert.match(shown.text, /envoi report \S+ --csv report\.csv/);
    const [hidden, back] = ['\u001b[?25l', '\u001b[?25h'].map((code) => shown.text.lastIndexOf(code));
    assert.ok(hidden !== undefined && back !== undefined && back > hidden, 'the cursor is back');
  });

  it('uses colours, but a stranger’s text cannot', async () => {
    const hostile = letter.replace('Hello {{ name }}', '"Hello \\e[35m{{ name }}"');
    await sandbox.write('letter.md', hostile.replace('list.csv', '"l\\e[35mist.csv"'));
    await sandbox.write('l\u001b[35mist.csv', 'email,name\na@example.org,\u001b[35mA\n');
    terminal = new Terminal(sandbox.args('send letter.md'), { cwd: sandbox.folder, env: { NO_COLOR: '' } });
    await terminal.shows(/Type .*yes.*: /);
    terminal.enter('no');
    await terminal.ended;
    assert.match(terminal.text, /1.* recipient from l.*ist\.csv/);
    assert.doesNotMatch(terminal.text, /\u001b\[35m/);
    assert.match(terminal.text, /\u001b\[1m/);
  });

  it('asks for a password without showing it', async () => {
    await sandbox.writeSettings(server.port, { user: 'ada', auth: 'password' });
    const shown = open('send letter.md --yes');
    await shown.shows(/Password for ada at 127\.0\.0\.1:\d+: /);
    shown.enter('right horse');
    assert.equal(await shown.ended, 0, shown.text);
    assert.ok(!shown.text.includes('right'), shown.text);
    assert.equal(server.messages.length, 3);
  });

  it('pauses at Ctrl+C, sends nothing twice, and continues with “resume”', async () => {
    await sandbox.writeList(60);
    await sandbox.writeSettings(server.port, { rate: '20/second', maxConnections: 1 });
    const shown = open('send letter.md --yes');
    await shown.shows(/ [1-9]\d*\/60/);
    shown.interrupt();
    assert.equal(await shown.ended, 3, shown.text);
    assert.match(shown.text, /pausing: messages in transit are completed/);
    assert.match(shown.text, /Paused/);
    const id = /envoi resume (\S+)/.exec(shown.text)?.[1];
    assert.ok(id, shown.text);
    const before = server.messages.length;
    assert.ok(before > 0 && before < 60, `${before} before`);
    const resumed = open(`resume ${id}`);
    assert.equal(await resumed.ended, 0, resumed.text);
    assert.equal(new Set(server.messages.map(({ to }) => to[0])).size, 60);
    assert.equal(server.messages.length, 60);
  });
});
