import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { abuseReport, statusReport } from '../support/bounces.ts';
import { closedPort } from '../support/deadPorts.ts';
import { MailboxSandbox } from './mailboxSandbox.ts';

describe('what came back to a real mailbox', () => {
  let box: MailboxSandbox;
  before(async () => {
    box = await MailboxSandbox.open();
  });
  after(() => box.close());
  beforeEach(async () => {
    await box.anew();
    await box.sandbox.writeList(6);
    await box.send();
    await box.read();
  });

  it('a dead mailbox is suppressed once, a full one never; robots and answers change nothing', async () => {
    const [dead, full, away, angry, leaver, person] = [1, 2, 3, 4, 5, 6].map((n) => box.idOf(`reader${n}@example.org`));
    await box.dovecot.deliver(statusReport(String(dead), '550 5.1.1 User unknown'));
    await box.dovecot.deliver(statusReport(String(dead), '550 5.1.1 User unknown'));
    await box.dovecot.deliver(statusReport(String(full), '552 5.2.2 Mailbox full'));
    await box.dovecot.deliver(
      `From: reader3@example.org\nAuto-Submitted: auto-replied\nIn-Reply-To: ${away}\n\nAway.\n`,
    );
    await box.dovecot.deliver(abuseReport(String(angry)));
    await box.dovecot.deliver(`From: other@example.org\nSubject: unsubscribe\nIn-Reply-To: ${leaver}\n\n\n`);
    await box.dovecot.deliver(
      `From: reader6@example.org\nSubject: Re: Hello\nIn-Reply-To: ${person}\n\nNice letter!\n`,
    );
    const { counts, suppressed } = await box.read();
    assert.deepEqual(suppressed.sort(), [
      ['reader1@example.org', 'bounced'],
      ['reader4@example.org', 'complained'],
      ['reader5@example.org', 'unsubscribed'],
    ]);
    assert.deepEqual(
      { ...counts, event: '', mailbox: '' },
      {
        event: '',
        mailbox: '',
        read: 7,
        bounced: 3,
        complained: 1,
        left: 1,
        replied: 1,
        robots: 1,
        unproven: 0,
        doubted: 0,
      },
    );
    assert.deepEqual((await box.read()).counts?.read, 0, 'nothing is read twice');
    const report = await box.sandbox.run('report');
    const came = 'came back later: 2 bounced, 1 unsubscribed, 1 complained, 1 replied';
    assert.ok(report.stdout.includes(`${came} (bounces 33.33%, complaints 16.67%)`), report.stdout);
    assert.match(report.stdout, /Gmail requires complaints below 0\.1% and rejects mail from 0\.3% on/);
    // With a second campaign the shares over all are beside its own.
    await box.sandbox.write(
      'second.md',
      '---\nsubject: Second\nfrom: ada@sender.example\nkind: internal\nrecipients: list.csv\n---\n\n',
    );
    await box.send('second.md');
    const all = (await box.sandbox.run('report')).stdout;
    assert.match(
      all,
      /over all campaigns: 2 bounced, 1 unsubscribed, 1 complained, 1 replied \(bounces 22\.22%, complaints 11\.11%\)/,
    );
    assert.doesNotMatch(all, /came back later/);
  });

  it('a bounce that quotes nothing is known by the return path it came to', async () => {
    const mark = /<(.+)@/.exec(box.idOf('reader3@example.org'))?.[1];
    const quiet = statusReport('<other@elsewhere.example>', '550 5.1.1 User unknown');
    await box.dovecot.deliver(`Delivered-To: bounces+${mark}@sender.example\n${quiet}`);
    assert.deepEqual((await box.read()).suppressed, [['reader3@example.org', 'bounced']]);
  });

  it('an unsubscribe request from an address that the mailbox’s server vouches for is honoured', async () => {
    const results = 'Authentication-Results: mx.sender.example; dkim=pass header.d=example.org';
    await box.dovecot.deliver(`${results}\nFrom: reader2@example.org\nSubject: Unsubscribe me\n\n\n`);
    assert.deepEqual((await box.read()).suppressed, [['reader2@example.org', 'unsubscribed']]);
  });

  it('a wrong password, a missing folder and a missing server are reported', async () => {
    const tried = async (mailbox: object, secret = box.dovecot.password) => {
      const whole = { host: '127.0.0.1', port: box.dovecot.port, security: 'none', user: box.dovecot.user, ...mailbox };
      await box.sandbox.writeSettings(box.smtp.port, {}, { 'envoi.mailboxes': { bounces: whole } });
      const run = await box.sandbox.run('mailbox read --config envoi.json --trust', { ENVOI_PASSWORD_BOUNCES: secret });
      assert.equal(run.code, 2);
      return run.stderr;
    };
    assert.match(await tried({}, 'wrong'), /refused the sign-in of ada@sender\.example/);
    assert.match(await tried({ folder: 'Nowhere' }), /has no folder Nowhere|cannot be read/);
    assert.match(await tried({ port: await closedPort() }), /cannot be read/);
    assert.match(await tried({ security: 'none', host: 'imap.example.org' }), /password would cross the network/);
  });
});
