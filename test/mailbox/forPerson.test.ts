import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, it } from 'node:test';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import { Sandbox } from '../cli/sandbox.ts';
import { statusReport } from '../support/bounces.ts';
import { Dovecot } from '../support/dovecot.ts';
import { SmtpServer } from '../support/smtpServer.ts';

describe('mail for a person', () => {
  let dovecot: Dovecot;
  let smtp: SmtpServer;
  let sandbox: Sandbox;
  let env: Record<string, string>;

  before(() => ensurePackages(imapPackages));
  beforeEach(async () => {
    dovecot = await Dovecot.start();
    env = { ENVOI_PASSWORD_OFFICE: dovecot.password };
    smtp = await SmtpServer.start();
    sandbox = await Sandbox.make();
    await sandbox.writeList(5);
    const mailbox = { host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user };
    await sandbox.writeSettings(smtp.port, {}, { 'envoi.mailboxes': { office: mailbox } });
    // Without the password: the mailbox is read only when a test says so.
    assert.equal((await sandbox.run('send letter.md --yes --config envoi.json')).code, 0);
    await read();
  });
  afterEach(async () => {
    await dovecot.stop();
    await smtp.close();
    await sandbox.remove();
  });

  const read = async () => assert.equal((await sandbox.run('mailbox read --config envoi.json', env)).code, 0);
  const idFor = (address: string) => {
    const message = smtp.messages.find(({ to }) => to[0] === address)?.data.toString() ?? assert.fail(address);
    return /^Message-ID: (<[^>]+>)/im.exec(message)?.[1] ?? assert.fail();
  };
  async function listed() {
    const { lines } = await sandbox.json('mailbox list');
    return lines as { id: number; kind: string; about: string; from: string; subject: string; messageId: string }[];
  }
  const suppressed = async () => (await sandbox.json('suppressions')).lines.map(({ entry, reason }) => [entry, reason]);

  it('replies are listed with what identifies them in a mail program; other people’s mail is not', async () => {
    const id = idFor('reader1@example.org');
    await dovecot.deliver(
      `From: Private <private@example.net>\nMessage-ID: <1@example.net>\nSubject: Re: Hello\nIn-Reply-To: ${id}\n\nThanks!\n`,
    );
    await dovecot.deliver('From: reader2@example.org\nMessage-ID: <2@example.org>\nSubject: A question\n\nWhen?\n');
    await dovecot.deliver('From: bank@example.com\nMessage-ID: <3@example.com>\nSubject: Your account\n\n1,000\n');
    await read();
    assert.deepEqual(
      (await listed()).map(({ kind, about, from, subject, messageId }) => [kind, about, from, subject, messageId]),
      [
        ['replied', 'reader2@example.org', 'reader2@example.org', 'A question', '<2@example.org>'],
        ['replied', 'reader1@example.org', 'private@example.net', 'Re: Hello', '<1@example.net>'],
      ],
    );
    assert.match((await sandbox.run('mailbox list')).stdout, /2 replies[\s\S]*private@example\.net +Re: Hello/);
    assert.match((await sandbox.run('report')).stdout, /came back later: 2 replied/);
    const [newest] = await listed();
    assert.equal((await sandbox.run(`mailbox suppress ${newest?.id}`)).code, 2, 'a reply is nothing to suppress for');
    assert.equal((await sandbox.run(`mailbox dismiss ${newest?.id}`)).code, 0);
    assert.equal((await listed()).length, 1);
    await sandbox.run('forget private@example.net');
    assert.deepEqual(await listed(), []);
  });

  it('unproven mail suppresses nobody until a person says so, once for each', async () => {
    const bounce = statusReport('<forged@sender.example>', '550 5.1.1 User unknown', 'reader3@example.org');
    await dovecot.deliver(bounce);
    await dovecot.deliver(statusReport('<forged@sender.example>', '552 5.2.2 Mailbox full', 'reader4@example.org'));
    await dovecot.deliver('From: reader5@example.org\nMessage-ID: <5@example.org>\nSubject: unsubscribe\n\n\n');
    await read();
    const mails = await listed();
    assert.deepEqual(
      mails.map(({ kind, about }) => [kind, about]),
      [
        ['left', 'reader5@example.org'],
        ['bounced', 'reader3@example.org'],
      ],
    );
    assert.deepEqual(await suppressed(), []);
    assert.match((await sandbox.run('mailbox list')).stdout, /No proof of whom it concerns: nothing was done/);
    const { stdout } = await sandbox.run(`mailbox suppress ${mails.map(({ id }) => id).join(' ')}`);
    assert.match(stdout, /Undo with envoi unsuppress reader5@example\.org reader3@example\.org/);
    assert.deepEqual(await suppressed(), [
      ['reader3@example.org', 'bounced'],
      ['reader5@example.org', 'unsubscribed'],
    ]);
    assert.deepEqual(await listed(), []);
    await sandbox.run('unsuppress reader5@example.org reader3@example.org');
    assert.deepEqual(await suppressed(), []);
  });

  it('hostile subjects and senders stay one harmless line each', async () => {
    const id = idFor('reader1@example.org');
    const nasty = `=?utf-8?b?${Buffer.from('\u001b]0;owned\u0007\u202egnp.exe\r\nBcc: all@example.org').toString('base64')}?=`;
    await dovecot.deliver(
      `From: reader1@example.org\nMessage-ID: <\u001b[2J@x>\nSubject: ${nasty}${'x'.repeat(50_000)}\nIn-Reply-To: ${id}\n\n\n`,
    );
    await read();
    const [mail] = await listed();
    assert.ok(mail);
    assert.ok(mail.subject.length <= 300 && mail.messageId.length <= 998);
    assert.doesNotMatch(mail.subject + mail.messageId, /[\u0000-\u001f\u007f\u202e]/);
    const { stdout } = await sandbox.run('mailbox list');
    assert.doesNotMatch(stdout, /\u202e|\u0007|\]0;owned\u0007/);
  });

  it('a flood of forged bounces displaces no reply', async () => {
    await dovecot.deliver(
      `From: reader1@example.org\nSubject: Re: Hello\nIn-Reply-To: ${idFor('reader1@example.org')}\n\nHi\n`,
    );
    for (let n = 0; n < 1_100; n++)
      await dovecot.deliver(
        statusReport(`<forged${n}@sender.example>`, '550 5.1.1 User unknown', `reader${n}@example.org`),
      );
    await read();
    const mails = await listed();
    assert.equal(mails.filter(({ kind }) => kind === 'replied').length, 1);
    assert.equal(mails.length, 1_001);
    assert.deepEqual(await suppressed(), []);
  });

  it('sending a letter first reads the mailbox, and leaves out readers gone since; trouble there stops nothing', async () => {
    await dovecot.deliver(statusReport(idFor('reader1@example.org'), '550 5.1.1 User unknown'));
    smtp.messages.length = 0;
    await sandbox.write(
      'next.md',
      '---\nsubject: More\nfrom: Ada <ada@sender.example>\nkind: internal\nrecipients: list.csv\n---\nHello\n',
    );
    const { code, lines } = await sandbox.json('send next.md --yes --config envoi.json', env);
    assert.equal(code, 0);
    assert.equal(lines.find(({ event }) => event === 'suppressed')?.entry, 'reader1@example.org');
    assert.ok(!smtp.messages.some(({ to }) => to[0] === 'reader1@example.org'));
    assert.equal(smtp.messages.length, 4);
    await sandbox.write(
      'third.md',
      '---\nsubject: Again\nfrom: Ada <ada@sender.example>\nkind: internal\nrecipients: list.csv\n---\nHello\n',
    );
    const third = await sandbox.run('send third.md --yes --config envoi.json', { ENVOI_PASSWORD_OFFICE: 'wrong' });
    assert.match(third.stderr, /warning: .*refused the sign-in of ada@sender\.example/);
    assert.equal(third.code, 0);
    assert.equal(smtp.messages.length, 8);
  });
});
