import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import { Desk } from '../cli/desk.ts';
import { abuseReport, statusReport } from '../support/bounces.ts';
import { closedPort } from '../support/deadPorts.ts';
import { Dovecot } from '../support/dovecot.ts';
import { type Received, SmtpServer } from '../support/smtpServer.ts';

interface Read {
  counts: Record<string, unknown> | undefined;
  suppressed: [unknown, unknown][];
}

describe('what came back to a real mailbox', () => {
  let dovecot: Dovecot;
  let smtp: SmtpServer;
  let desk: Desk;
  let env: Record<string, string>;

  before(async () => {
    await ensurePackages(imapPackages);
    dovecot = await Dovecot.start();
    env = { ENVOI_PASSWORD_BOUNCES: dovecot.password };
    smtp = await SmtpServer.start();
  });
  after(async () => {
    await dovecot.stop();
    await smtp.close();
  });
  beforeEach(async () => {
    desk = await Desk.make();
    await desk.writeList(6);
    const mailbox = { host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user };
    const authServer = 'mx.sender.example';
    await desk.writeSettings(smtp.port, {}, { 'envoi.mailboxes': { bounces: { ...mailbox, authServer } } });
    smtp.messages.length = 0;
    assert.equal((await desk.run('send letter.md --yes --config envoi.json')).code, 0);
    await read();
  });

  const received = (address: string): Received =>
    smtp.messages.find(({ to }) => to[0] === address) ?? assert.fail(address);
  const idOf = (message: Received) => /^Message-ID: (<[^>]+>)/im.exec(message.data.toString())?.[1] ?? assert.fail();
  async function read(): Promise<Read> {
    const { code, lines, stderr } = await desk.json('mailbox read --config envoi.json --trust', env);
    assert.equal(code, 0, stderr);
    return {
      counts: lines.find(({ event }) => event === 'mailbox'),
      suppressed: lines.filter(({ event }) => event === 'suppressed').map(({ entry, reason }) => [entry, reason]),
    };
  }
  it('a dead mailbox is suppressed once, a full one never; robots and answers change nothing', async () => {
    const [dead, full, away, angry, leaver, person] = [1, 2, 3, 4, 5, 6].map((n) =>
      idOf(received(`reader${n}@example.org`)),
    );
    await dovecot.deliver(statusReport(String(dead), '550 5.1.1 User unknown'));
    await dovecot.deliver(statusReport(String(dead), '550 5.1.1 User unknown'));
    await dovecot.deliver(statusReport(String(full), '552 5.2.2 Mailbox full'));
    await dovecot.deliver(`From: reader3@example.org\nAuto-Submitted: auto-replied\nIn-Reply-To: ${away}\n\nAway.\n`);
    await dovecot.deliver(abuseReport(String(angry)));
    await dovecot.deliver(`From: other@example.org\nSubject: unsubscribe\nIn-Reply-To: ${leaver}\n\n\n`);
    await dovecot.deliver(`From: reader6@example.org\nSubject: Re: Hello\nIn-Reply-To: ${person}\n\nNice letter!\n`);
    const { counts, suppressed } = await read();
    assert.deepEqual(suppressed.sort(), [
      ['reader1@example.org', 'bounced'],
      ['reader4@example.org', 'complained'],
      ['reader5@example.org', 'unsubscribed'],
    ]);
    assert.deepEqual(
      { ...counts, event: '', mailbox: '' },
      { event: '', mailbox: '', read: 7, bounced: 3, complained: 1, left: 1, replied: 1, robots: 1, unproven: 0 },
    );
    assert.deepEqual((await read()).counts?.read, 0, 'nothing is read twice');
    const report = await desk.run('report');
    assert.match(report.stdout, /came back later: 2 bounced, 1 unsubscribed, 1 complained, 1 replied/);
  });

  it('forged bounces suppress nobody: without a mark, with a wrong one, with another state’s; a bomb of a thousand', async () => {
    const stranger = await Desk.make();
    await stranger.writeSettings(smtp.port);
    const before = smtp.messages.length;
    await stranger.run('send letter.md --yes --config envoi.json');
    const theirs = idOf(smtp.messages[before] ?? assert.fail());
    await stranger.remove();
    const wrong = `<${'a'.repeat(32)}@sender.example>`;
    for (const id of ['<x@y>', wrong, theirs])
      await dovecot.deliver(statusReport(id, '550 5.1.1 User unknown', 'reader1@example.org'));
    const forgedLeave = `From: reader2@example.org\nSubject: unsubscribe\n`;
    await dovecot.deliver(`${forgedLeave}\nplease\n`);
    await dovecot.deliver(
      `${forgedLeave}Authentication-Results: evil.example; dmarc=pass header.from=example.org\n\nplease\n`,
    );
    for (let n = 0; n < 1000; n++)
      await dovecot.deliver(
        statusReport(
          `<${String(n).padStart(32, 'b')}@sender.example>`,
          '550 5.1.1 User unknown',
          'reader3@example.org',
        ),
      );
    const { counts, suppressed } = await read();
    assert.deepEqual(suppressed, []);
    assert.equal(counts?.read, 1005);
    assert.equal(counts?.unproven, 1005);
    assert.deepEqual((await desk.json('suppressions')).lines, []);
  });

  it('a bounce that quotes nothing is known by the return path it came to', async () => {
    const mark = /<(.+)@/.exec(idOf(received('reader3@example.org')))?.[1];
    const quiet = statusReport('<other@elsewhere.example>', '550 5.1.1 User unknown');
    await dovecot.deliver(`Delivered-To: bounces+${mark}@sender.example\n${quiet}`);
    assert.deepEqual((await read()).suppressed, [['reader3@example.org', 'bounced']]);
  });

  it('who asks to leave from an address that the mailbox’s server vouches for, leaves', async () => {
    const results = 'Authentication-Results: mx.sender.example; dkim=pass header.d=example.org';
    await dovecot.deliver(`${results}\nFrom: reader2@example.org\nSubject: Unsubscribe me\n\n\n`);
    assert.deepEqual((await read()).suppressed, [['reader2@example.org', 'unsubscribed']]);
  });

  it('a wrong password, a folder that is not there and a server that is not there are said', async () => {
    const tried = async (mailbox: object, secret = dovecot.password) => {
      const whole = { host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user, ...mailbox };
      await desk.writeSettings(smtp.port, {}, { 'envoi.mailboxes': { bounces: whole } });
      const run = await desk.run('mailbox read --config envoi.json --trust', { ENVOI_PASSWORD_BOUNCES: secret });
      assert.equal(run.code, 2);
      return run.stderr;
    };
    assert.match(await tried({}, 'wrong'), /does not let ada@sender\.example in/);
    assert.match(await tried({ folder: 'Nowhere' }), /has no folder Nowhere|cannot be read/);
    assert.match(await tried({ port: await closedPort() }), /cannot be read/);
    assert.match(await tried({ security: 'none', host: 'imap.example.org' }), /password would cross the network/);
  });
});
