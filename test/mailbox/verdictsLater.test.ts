import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { abuseReport, statusReport } from '../support/bounces.ts';
import { MailboxSandbox } from './mailboxSandbox.ts';

const DEAD = '550 5.1.1 User unknown';

describe('the consequences of bounces', () => {
  let box: MailboxSandbox;
  before(async () => {
    box = await MailboxSandbox.open();
  });
  after(() => box.close());
  beforeEach(async () => {
    await box.anew();
    await box.read();
  });

  const writeLetter = (name: string) =>
    box.sandbox.write(
      name,
      `---\nsubject: ${name}\nfrom: ada@sender.example\nkind: internal\nrecipients: list.csv\n---\n\n`,
    );
  const bounce = (address: string, reply: string) => box.dovecot.deliver(statusReport(box.idOf(address), reply));

  it('a domain that reports more than a tenth of a hundred missing is not believed, as during delivery', async () => {
    const crowd = Array.from({ length: 24 }, (_, n) => `reader${n}@lost.example`);
    await box.sandbox.write(
      'list.csv',
      `email\n${[...crowd, 'gone@other.example', 'late@other.example'].join('\n')}\n`,
    );
    await writeLetter('plain.md');
    await box.send('plain.md');
    for (const address of crowd.slice(0, 10)) await bounce(address, DEAD);
    await bounce('gone@other.example', DEAD);
    const first = await box.read();
    assert.equal(first.suppressed.length, 11);
    assert.equal(first.counts?.doubted, 0);
    for (const address of [...crowd.slice(10, 12), 'late@other.example']) await bounce(address, DEAD);
    const second = await box.read();
    assert.deepEqual(second.suppressed, [['late@other.example', 'bounced']]);
    assert.equal(second.counts?.doubted, 2);
    assert.deepEqual(await box.suppressions(), ['gone@other.example', 'late@other.example']);
  });

  it('a bounce about the address counts from the third campaign on; one about a full mailbox, the message or its sender never does', async () => {
    const replies = {
      'odd@a.example': '554 5.0.0 Transaction failed',
      'full@b.example': '552 5.2.2 Mailbox full',
      'spam@c.example': '554 5.7.1 Message content rejected as spam',
      'listed@d.example': '554 5.7.1 Client host blocked using Spamhaus',
      'dmarc@e.example': '550 5.7.26 This message fails DMARC and is rejected',
    };
    await box.sandbox.write('list.csv', `email\n${Object.keys(replies).join('\n')}\n`);
    for (const round of [1, 2, 3]) {
      await writeLetter(`letter${round}.md`);
      await box.send(`letter${round}.md`);
      for (const [address, reply] of Object.entries(replies)) await bounce(address, reply);
      const { counts, suppressed } = await box.read();
      assert.equal(counts?.bounced, 5);
      assert.deepEqual(suppressed, round < 3 ? [] : [['odd@a.example', 'bounced']], `round ${round}`);
    }
  });

  it('the marks of a campaign’s bounces are undone by one command, whatever their clocks said; unsubscribes stay', async () => {
    await box.sandbox.writeList(3);
    const campaign = await box.send();
    const old = `Date: Thu, 1 Jan 2015 00:00:00 +0000\n${statusReport(box.idOf('reader1@example.org'), DEAD)}`;
    await box.dovecot.deliver(old);
    await box.dovecot.deliver(abuseReport(box.idOf('reader2@example.org')));
    assert.equal((await box.read()).suppressed.length, 2);
    const { lines } = await box.sandbox.json(`suppressions undo ${campaign}`);
    assert.deepEqual(lines[0]?.entries, ['reader1@example.org']);
    assert.deepEqual(await box.suppressions(), ['reader2@example.org']);
  });

  it('a mailbox whose server renumbers is read again, and what a person undid stays undone', async () => {
    await box.sandbox.writeList(3);
    const campaign = await box.send();
    await bounce('reader1@example.org', DEAD);
    const leave = 'Authentication-Results: mx.sender.example; dkim=pass header.d=example.org\n';
    const date = 'Date: Thu, 01 Jan 2015 10:00:00 +0000\n';
    await box.dovecot.deliver(`${leave}${date}From: leaver@example.org\nSubject: Unsubscribe me\n\n\n`);
    const first = await box.read();
    assert.deepEqual(first.suppressed.map(([entry]) => entry).sort(), ['leaver@example.org', 'reader1@example.org']);
    await box.sandbox.run(`suppressions undo ${campaign}`);
    await box.sandbox.run('unsuppress leaver@example.org');
    assert.equal((await box.read()).counts?.read, 0);
    // Without its list of UIDs Dovecot begins a new validity.
    await rm(join(box.dovecot.folder, 'mail', 'dovecot-uidlist'));
    for (const name of ['dovecot.index', 'dovecot.index.log', 'dovecot.index.cache'])
      await rm(join(box.dovecot.folder, 'mail', name), { force: true });
    await bounce('reader3@example.org', DEAD);
    const again = await box.read();
    assert.ok(Number(again.counts?.read) >= 3, 'all is read again');
    assert.deepEqual(again.suppressed, [['reader3@example.org', 'bounced']]);
    assert.equal((await box.read()).counts?.read, 0);
  });

  it('a forged return path or Message-ID names nobody, and one that names a second reader acts separately', async () => {
    await box.sandbox.writeList(3);
    await box.send();
    const mark = box.idOf('reader1@example.org').slice(1, 33);
    const forged = `${mark.slice(0, -1)}${mark.endsWith('a') ? 'b' : 'a'}`;
    const quiet = statusReport('<other@elsewhere.example>', DEAD, 'reader1@example.org');
    await box.dovecot.deliver(`Delivered-To: bounces+${forged}@sender.example\n${quiet}`);
    await box.dovecot.deliver(statusReport(`<${forged}@sender.example>`, DEAD, 'reader1@example.org'));
    assert.deepEqual((await box.read()).suppressed, []);
    await box.dovecot.deliver(statusReport(`<${mark}@sender.example>`, DEAD, 'reader2@example.org'));
    assert.deepEqual((await box.read()).suppressed, [['reader1@example.org', 'bounced']]);
  });

  it('the return path a bounce came to takes precedence over what it quotes', async () => {
    await box.sandbox.writeList(3);
    await box.send();
    const [own, quoted] = [box.idOf('reader3@example.org').slice(1, 33), box.idOf('reader2@example.org')];
    // As some write it: the letter first, and whom it came to behind.
    await box.dovecot.deliver(
      `References: ${quoted}\nTo: bounces+${own}@sender.example\n${statusReport(quoted, DEAD)}`,
    );
    assert.deepEqual((await box.read()).suppressed, [['reader3@example.org', 'bounced']]);
  });
});
