import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { finished, startCli } from '../main/runCli.ts';
import { limitedScript } from '../support/limitedServer.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';
import { scriptLacking, Terminal } from './terminal.ts';

const TESTER = 'ada@post.example';

describe('envoi servers probe', () => {
  let sandbox: Sandbox;
  let server: SmtpServer | undefined;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
  });
  afterEach(async () => {
    await server?.close();
    await sandbox.remove();
  });

  async function serve(script: Parameters<typeof SmtpServer.start>[0], more: object = {}): Promise<SmtpServer> {
    server = await SmtpServer.start(script);
    await sandbox.writeSettings(
      server.port,
      { maxConnections: 5 },
      { 'envoi.from': 'News <news@sender.example>', 'envoi.testRecipients': [TESTER], ...more },
    );
    return server;
  }

  it('reports what the server accepts and the settings that respect it, and envoi servers shows it later', async () => {
    const { messages } = await serve(limitedScript({ connections: 3, perConnection: 4 }));
    const { code, stdout, stderr } = await sandbox.run('servers probe office --yes --messages 12');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /office 3 connections · 4 per connection · no limit seen in \d+ messages, .*, \d+ messages\n/);
    assert.match(stdout, /"maxConnections": 3, "maxMessagesPerConnection": 4 in envoi\.servers\.office/);
    assert.deepEqual([...new Set(messages.flatMap(({ to }) => to))], [TESTER]);
    assert.ok(messages.length <= 12);
    assert.match(
      messages[0]?.data.toString() ?? '',
      /^Subject: \[Test\] Envoi is testing the mail server office: message 1\r$/m,
    );
    const listed = await sandbox.run('servers');
    assert.match(listed.stdout, /Tested in depth: 3 connections · 4 per connection/);
    const again = await sandbox.run('servers probe office --yes');
    assert.equal(again.code, 2);
    assert.match(again.stderr, /office was tested in depth within the last 24 hours\. Use --again/);
    const count = messages.length;
    const { lines } = await sandbox.json('servers probe office --yes --again --messages 2');
    assert.equal(messages.length, count + 2);
    const [probe] = lines as { event: string; messages: number; connections: object; settings: object }[];
    assert.deepEqual([probe?.event, probe?.messages, probe?.connections], ['probe', 2, { limit: 3, seen: 3 }]);
  });

  it('sends nothing without a yes, without a test recipient, over direct, or with a budget beyond the usual one', async () => {
    const { messages, port } = await serve({});
    const refused = async (words: string, why: RegExp) => {
      const { code, stderr } = await sandbox.run(words);
      assert.equal(code, 2, stderr);
      assert.match(stderr, why);
    };
    await refused('servers probe office', /Cannot ask for confirmation without a terminal/);
    await refused('servers probe direct --yes', /Direct delivery cannot be tested in depth/);
    await refused('servers probe other --yes', /The settings have no server “other”/);
    await refused('servers probe --yes', /No server was given/);
    await refused('servers probe office --yes --messages 101', /--messages is “101”\. Write a number from 1 to 100/);
    await refused('servers probe office --yes --for 1h', /--for is “1h”/);
    await sandbox.writeSettings(port, {}, { 'envoi.from': 'news@sender.example', 'envoi.testRecipients': [] });
    await refused('servers probe office --yes', /There is no test recipient/);
    assert.deepEqual(messages, []);
  });

  it('stops at the first 5xx, and quotes the server', async () => {
    let asked = 0;
    const { messages } = await serve({
      steps: { RCPT: () => (++asked > 3 ? '550 5.7.1 we do not want this' : undefined) },
    });
    const { code, stdout } = await sandbox.run('servers probe office --yes');
    assert.equal(code, 1);
    assert.match(stdout, /stopped immediately/);
    assert.match(stdout, /550 5\.7\.1 we do not want this/);
    assert.deepEqual([messages.length, asked], [3, 4]);
  });

  it('ends on Ctrl+C with what has been found so far', async () => {
    const relay = await serve({});
    relay.allow(5);
    const child = startCli(sandbox.args('servers probe office --yes'), { cwd: sandbox.folder });
    const ending = finished(child);
    await relay.received(5);
    child.kill('SIGINT');
    const { code, stdout } = await ending;
    assert.equal(code, 3, stdout);
    assert.match(stdout, /The test was stopped\./);
    const { length } = relay.messages;
    relay.allow(Number.POSITIVE_INFINITY);
    assert.equal(relay.messages.length, length);
    const listed = await sandbox.run('servers');
    assert.match(listed.stdout, /Tested in depth: .*, \d+ messages?/);
  });

  it('ends when a letter is sent via the same server, and says so', async () => {
    let asked = 0;
    const relay = await serve({
      steps: {
        RCPT: (line) => (line.includes(TESTER) && ++asked > 5 ? '450 4.7.1 too much mail from you' : undefined),
      },
    });
    const ending = finished(startCli(sandbox.args('servers probe office --yes'), { cwd: sandbox.folder }));
    await relay.received(5);
    await sandbox.write('letter.md', '---\nsubject: Hello\nkind: internal\nrecipients: list.csv\n---\nHello.\n');
    await sandbox.write('list.csv', 'email\ngrace@post.example\n');
    const sent = await sandbox.run('send letter.md --yes');
    assert.equal(sent.code, 0, sent.stdout + sent.stderr);
    assert.deepEqual(relay.messages.at(-1)?.to, ['grace@post.example']);
    const { code, stdout } = await ending;
    assert.equal(code, 3, stdout);
    assert.match(stdout, /office .* rejected after 5 messages/);
    assert.match(stdout, /The test ended early because a campaign began to send via this server\./);
  });

  it('asks on a terminal, naming the mailboxes that get the messages', { skip: scriptLacking }, async () => {
    const { messages } = await serve({});
    const terminal = new Terminal(sandbox.args('servers probe office --messages 3 --for 60s'), { cwd: sandbox.folder });
    await terminal.shows(
      /Test office with at most 3 messages, in at most 1 min\? They go to ada@post\.example and nobody else\./,
    );
    await terminal.shows(/Type yes: /);
    terminal.enter('no');
    assert.equal(await terminal.ended, 2);
    assert.deepEqual(messages, []);
  });
});
