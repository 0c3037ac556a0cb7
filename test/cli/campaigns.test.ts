import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { simpleParser } from 'mailparser';
import { finished, jsonLines, startCli } from '../main/runCli.ts';
import { type SmtpScript, SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

describe('the command', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  let children: ChildProcess[] = [];
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    children = [];
    await serve();
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server.close();
    await sandbox.remove();
  });

  async function serve(script: SmtpScript = {}, settings: object = {}, more: object = {}): Promise<void> {
    await server?.close();
    server = await SmtpServer.start(script);
    await sandbox.writeSettings(server.port, settings, more);
  }
  function start(words: string): ChildProcess {
    const child = startCli(sandbox.args(`${words} --json`), { cwd: sandbox.folder });
    children.push(child);
    return child;
  }
  /** Reads on until an event of this name comes. */
  async function event(child: ChildProcess, name: string): Promise<Record<string, unknown>> {
    let text = '';
    for await (const chunk of child.stdout ?? []) {
      text += String(chunk);
      const found = jsonLines(text.slice(0, text.lastIndexOf('\n') + 1)).find((line) => line.event === name);
      if (found) {
        child.stdout?.resume();
        return found;
      }
    }
    throw new Error(`no ${name}:\n${text}`);
  }
  const sentTo = () => server.messages.map(({ to }) => to[0]).sort();
  const refusing = (reply: string, address = 'reader2@example.org'): SmtpScript => ({
    steps: { RCPT: (line) => (line.includes(address) ? reply : undefined) },
  });

  it('exits with the code for “resumable” however often Ctrl+C is pressed, also while it prints and closes', async () => {
    for (let round = 0; round < 4; round++) {
      await sandbox.write('letter.md', `---\nid: round-${round}\n${letter.slice(4)}`);
      await serve({}, { rate: '1/minute' });
      const child = start('send letter.md --yes');
      // From the first line of progress on until there is no process to press it for: no instant is left out.
      const press = () =>
        child.exitCode === null && child.signalCode === null && child.kill('SIGINT') && setImmediate(press);
      child.stdout?.on('data', (text: Buffer) => /summary|paused/.test(String(text)) && press());
      child.stdout?.on('data', (text: Buffer) => /progress/.test(String(text)) && child.kill('SIGINT'));
      const { code, stderr } = await finished(child);
      assert.equal(code, 3, stderr);
    }
  });

  it('sends a letter to a list, and reports in lines of JSON', async () => {
    const { code, stderr, lines } = await sandbox.json('send letter.md --yes');
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.deepEqual(sentTo(), ['reader1@example.org', 'reader2@example.org', 'reader3@example.org']);
    assert.equal(lines[0]?.event, 'started');
    assert.ok(lines.some((line) => line.event === 'progress'));
    const summary = lines.at(-1);
    assert.equal(summary?.event, 'summary');
    assert.equal(summary?.sent, 3);
    assert.equal(summary?.campaign, lines[0]?.campaign);
  });

  it('exits with 1 when some failed, and says who and why', async () => {
    await serve(refusing('550 5.1.1 no such user'));
    const sent = await sandbox.run('send letter.md --yes');
    assert.equal(sent.code, 1);
    assert.match(sent.stdout, /failed +1/);
    assert.match(sent.stdout, /1 +No such mailbox +office: .*no such user/);
    const { lines } = await sandbox.json('report --failed');
    assert.deepEqual(
      lines.filter((line) => line.event === 'delivery').map(({ address, state, code }) => [address, state, code]),
      [['reader2@example.org', 'rejected', 550]],
    );
    const csv = join(sandbox.folder, 'report.csv');
    assert.equal((await sandbox.run(`report --csv ${csv}`)).code, 0);
    const rows = (await readFile(csv, 'utf8')).trim().split('\r\n');
    assert.equal(rows.length, 4);
    assert.match(rows[2] ?? '', /^3,reader2@example\.org,rejected,/);
    const { stdout } = await sandbox.run('report --failed --csv -');
    assert.deepEqual(stdout.trim().split('\r\n'), [rows[0], rows[2]]);
  });

  it('sends one test, marked as such, filled from the row asked for', async () => {
    const { code } = await sandbox.json('test letter.md --to me@example.net --recipient 2');
    assert.equal(code, 0);
    assert.deepEqual(sentTo(), ['me@example.net']);
    const mail = await simpleParser(server.messages[0]?.data ?? '');
    assert.equal(mail.subject, '[Test] Hello Reader 2');
    assert.match(mail.text ?? '', /Dear Reader 2/);
  });

  it('renders what it would send, byte for byte a message', async () => {
    const out = join(sandbox.folder, 'out');
    const { code, lines } = await sandbox.json(`render letter.md --out ${out}`);
    assert.equal(code, 0);
    assert.equal(lines.at(-1)?.count, 3);
    const mail = await simpleParser(await readFile(join(out, '000003-reader2@example.org.eml')));
    assert.equal(mail.subject, 'Hello Reader 2');
    const { stdout } = await sandbox.run('render letter.md --recipient reader3@example.org');
    assert.equal((await simpleParser(stdout)).subject, 'Hello Reader 3');
    assert.deepEqual(server.messages, []);
  });

  it('checks without sending: what is wrong, and who is left out', async () => {
    await sandbox.write('list.csv', 'email,name\na@example.org,A\nA@example.org,A\nnobody,N\n');
    const { code, lines } = await sandbox.json('check letter.md');
    assert.equal(code, 0);
    assert.deepEqual(
      lines.filter((line) => line.event === 'refused').map(({ line, reason }) => [line, reason]),
      [
        [3, 'duplicate'],
        [4, 'invalidAddress'],
      ],
    );
    const { recipients, invalid, duplicate, errors } = lines.at(-1) ?? {};
    assert.deepEqual(
      { recipients, invalid, duplicate, errors },
      { recipients: 1, invalid: 1, duplicate: 1, errors: 0 },
    );
    assert.equal(server.connections, 0);
  });

  it('tests a server step by step, and needs no state directory for it', async () => {
    await sandbox.write('state', 'not a directory');
    const { code, lines } = await sandbox.json('servers test office');
    assert.equal(code, 0, JSON.stringify(lines));
    assert.equal(lines[0]?.ok, true);
    assert.deepEqual(server.messages, []);
  });

  it('leaves out suppressed addresses', async () => {
    assert.equal((await sandbox.run('suppress reader2@example.org --reason unsubscribed')).code, 0);
    const { lines } = await sandbox.json('suppressions');
    assert.deepEqual(
      lines.map(({ entry, reason }) => [entry, reason]),
      [['reader2@example.org', 'unsubscribed']],
    );
    const sent = await sandbox.json('send letter.md --yes');
    assert.equal(sent.code, 0);
    assert.equal(sent.lines.at(-1)?.suppressed, 1);
    assert.deepEqual(sentTo(), ['reader1@example.org', 'reader3@example.org']);
    assert.equal((await sandbox.run('unsuppress reader2@example.org')).code, 0);
    assert.match((await sandbox.run('suppressions')).stdout, /There are no suppressed addresses\./);
  });

  it('resends to those that failed, once they are accepted', async () => {
    await serve(refusing('554 5.7.1 spam'));
    const first = await sandbox.json('send letter.md --yes');
    assert.equal(first.code, 1, JSON.stringify(first.lines.at(-1)));
    const { port } = server;
    await server.close();
    server = await SmtpServer.start({}, '127.0.0.1', port);
    const unsure = await sandbox.run(`resend ${first.lines[0]?.campaign}`);
    assert.equal(unsure.code, 2);
    assert.match(unsure.stderr, /Add --yes to send again to 1 recipient\./);
    assert.deepEqual(sentTo(), []);
    const again = await sandbox.json(`resend ${first.lines[0]?.campaign} --yes`);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(sentTo(), ['reader2@example.org']);
    assert.equal(again.lines.at(-1)?.sent, 3);
    const none = await sandbox.run(`resend ${first.lines[0]?.campaign} --yes`);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /has no recipients to whom it can be sent again/);
    const decided = await sandbox.run(`decide ${first.lines[0]?.campaign} resend`);
    assert.equal(decided.code, 2);
    assert.match(decided.stderr, /has no messages in doubt/);
    assert.deepEqual(sentTo(), ['reader2@example.org']);
  });

  describe('with a second one running', () => {
    beforeEach(() => serve({}, { rate: '10/second', maxConnections: 1 }));

    it('shows the same counts, pauses it, and resumes it', async () => {
      await sandbox.writeList(100);
      const sending = start('send letter.md --yes');
      const { campaign } = await event(sending, 'progress');
      const status = await sandbox.json('status');
      assert.equal(status.lines[0]?.campaign, campaign);
      assert.equal(status.lines[0]?.state, 'running');
      assert.equal((await sandbox.run('pause')).code, 0);
      const [code] = (await once(sending, 'close')) as [number];
      assert.equal(code, 3);
      const before = server.messages.length;
      assert.ok(before < 100);
      assert.match((await sandbox.run('status')).stdout, /paused/);
      assert.equal(server.messages.length, before);
      assert.equal((await sandbox.run('cancel')).code, 0);
      assert.match((await sandbox.run('status')).stdout, /cancelled/);
    });

    it('sends through the running one, which stays until both are done', async () => {
      // Long enough that the second finds the first at work: ten leave at once, then ten a second.
      await sandbox.writeList(35);
      await sandbox.writeList(5, 'other.csv');
      const first = start('send letter.md --yes');
      await event(first, 'progress');
      const second = start('send letter.md --yes --again --recipients other.csv');
      const ended = finished(second);
      const [code] = (await once(first, 'close')) as [number];
      assert.equal(code, 0);
      const other = await ended;
      assert.equal(other.code, 0, other.stderr);
      assert.equal(jsonLines(other.stdout).at(-1)?.sent, 5);
      assert.equal(server.messages.length, 40);
    });

    it('says so and exits with 3 when the sending one is killed', async () => {
      await sandbox.writeList(100);
      const first = start('send letter.md --yes');
      await event(first, 'progress');
      const second = start('resume');
      const ended = finished(second);
      await event(second, 'progress');
      first.kill('SIGKILL');
      const { code, stderr } = await ended;
      assert.equal(code, 3);
      assert.match(stderr, /sending engine has stopped\..*envoi resume \S+/);
    });

    it('resumes in two commands at once, and both say that all is sent', async () => {
      await sandbox.writeList(30);
      const sending = start('send letter.md --yes');
      const { campaign } = await event(sending, 'progress');
      assert.equal((await sandbox.run('pause')).code, 0);
      await once(sending, 'close');
      const both = [1, 2].map(() => finished(start(`resume ${campaign}`)));
      for (const { code, stdout, stderr } of await Promise.all(both)) {
        assert.equal(code, 0, stderr);
        assert.equal(jsonLines(stdout).at(-1)?.sent, 30);
      }
      assert.equal(new Set(server.messages.map(({ to }) => to[0])).size, 30);
      assert.equal(server.messages.length, 30);
    });

    it('keeps a campaign paused that was running when its engine was killed', async () => {
      await sandbox.writeList(100);
      const first = start('send letter.md --yes');
      const { campaign } = await event(first, 'progress');
      first.kill('SIGKILL');
      await once(first, 'close');
      assert.equal((await sandbox.run('pause')).code, 0);
      const before = server.messages.length;
      await sandbox.writeList(2, 'other.csv');
      assert.equal((await sandbox.run('send letter.md --yes --again --recipients other.csv')).code, 0);
      assert.equal(server.messages.length, before + 2, 'only the new one was sent');
      const status = await sandbox.json(`status ${campaign}`);
      assert.equal(status.lines[0]?.state, 'paused');
    });
  });

  it('asks for a password again when a campaign resumes, from the environment', async () => {
    await serve({ users: { ada: 'right' } }, { user: 'ada', auth: 'password', rate: '10/second' });
    await sandbox.writeList(50);
    const sending = startCli(sandbox.args('send letter.md --yes --json'), {
      cwd: sandbox.folder,
      env: { ENVOI_PASSWORD_OFFICE: 'right' },
    });
    children.push(sending);
    await event(sending, 'progress');
    sending.kill('SIGINT');
    assert.deepEqual(await once(sending, 'close'), [3, null]);
    const without = await sandbox.run('resume');
    assert.equal(without.code, 2);
    assert.match(without.stderr, /ENVOI_PASSWORD_OFFICE/);
    const resumed = await sandbox.run('resume', { ENVOI_PASSWORD_OFFICE: 'right' });
    assert.equal(resumed.code, 0, resumed.stderr + resumed.stdout);
    assert.equal(new Set(sentTo()).size, 50);
    assert.equal(server.messages.length, 50);
  });

  it('leaves messages in doubt to a person, and does as told', async () => {
    await serve(
      {
        steps: { dot: (_line, _nth, connection) => (connection === 2 ? { close: true } : undefined) },
      },
      { maxMessagesPerConnection: 1, maxConnections: 1 },
    );
    const sent = await sandbox.json('send letter.md --yes');
    const summary = sent.lines.at(-1);
    assert.equal(summary?.inDoubt, 1, JSON.stringify(summary));
    assert.equal(sent.code, 1);
    const left = await sandbox.json(`decide ${summary?.campaign} leave`);
    assert.equal(left.code, 0, left.stderr);
    assert.equal(left.lines.at(-1)?.inDoubt, 0);
    assert.equal(left.lines.at(-1)?.sent, 3);
  });

  it('keeps a campaign planned for later, and says when', async () => {
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const planned = start(`send letter.md --yes --at ${at}`);
    const progress = await event(planned, 'progress');
    assert.equal(progress.state, 'scheduled');
    planned.kill('SIGINT');
    assert.deepEqual(await once(planned, 'close'), [3, null]);
    const shown = await sandbox.run('status');
    assert.match(shown.stdout, /\sscheduled\s.*0\s+3\s/);
    assert.match(shown.stdout, /starts at .*No engine is running now.*envoi resume/s);
    assert.deepEqual(server.messages, []);
  });
});
