import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Sandbox } from '../cli/sandbox.ts';
import { statusReport } from '../support/bounces.ts';
import { MailboxSandbox } from './mailboxSandbox.ts';

const DEAD = '550 5.1.1 User unknown';
const BOMB = 10_000;
const LONG = 250;

let box: MailboxSandbox;
before(async () => {
  box = await MailboxSandbox.open();
});
after(() => box.close());

/** Marks of a campaign that another person sent, with another key. */
async function marksOfStranger(): Promise<string[]> {
  const stranger = await Sandbox.make();
  try {
    await stranger.writeSettings(box.smtp.port);
    box.smtp.messages.length = 0;
    assert.equal((await stranger.run('send letter.md --yes --config envoi.json')).code, 0);
    return [1, 2, 3].map((n) => box.idOf(`reader${n}@example.org`));
  } finally {
    await stranger.remove();
  }
}

it('ten thousand forged bounces suppress nobody and fill neither memory nor disk: no mark, a wrong one, many, another state’s, a deleted campaign’s', async () => {
  await box.sandbox.writeList(3);
  const deleted = await box.send();
  const marksOfDeleted = [1, 2, 3].map((n) => box.idOf(`reader${n}@example.org`));
  assert.equal((await box.sandbox.run(`delete ${deleted} --yes`)).code, 0);
  const strangers = await marksOfStranger();
  await box.sandbox.write(
    'second.md',
    '---\nsubject: Second\nfrom: ada@sender.example\nkind: internal\nrecipients: list.csv\n---\n\n',
  );
  await box.send('second.md');
  await box.read();
  const made = (n: number) =>
    `${String(n)
      .replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? 'a')
      .padStart(32, 'b')}`;
  const ids = [
    () => '<x@y>',
    (n: number) => `<${made(n)}@sender.example>`,
    (n: number) => Array.from({ length: 30 }, (_, more) => `<${made(n * 30 + more)}@sender.example>`).join(' '),
    (n: number) => strangers[n % 3] ?? '',
    (n: number) => marksOfDeleted[n % 3] ?? '',
  ];
  for (let n = 0; n < BOMB; n++) {
    const id = ids[n % ids.length]?.(n) ?? '';
    await box.dovecot.deliver(statusReport(id, DEAD, `reader${(n % 3) + 1}@example.org`));
  }
  const forgedLeave = 'From: reader2@example.org\nSubject: unsubscribe\n';
  await box.dovecot.deliver(`${forgedLeave}\nplease\n`);
  const elsewhere = 'Authentication-Results: evil.example; dmarc=pass header.from=example.org\n';
  await box.dovecot.deliver(`${forgedLeave}${elsewhere}\nplease\n`);
  // Long ones: whatever held on to what it was cut from would hold all of them.
  const long = 'word and word '.repeat(25_000);
  for (let n = 0; n < LONG; n++)
    await box.dovecot.deliver(
      `Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\n<reader1@example.org>: ${DEAD} (${made(n)})\n\n${long}\n`,
    );
  // A reading that kept them all would need many times as much.
  const { counts, suppressed } = await box.read({ NODE_OPTIONS: '--max-old-space-size=64' });
  assert.deepEqual(suppressed, []);
  assert.deepEqual([counts?.read, counts?.unproven], [BOMB + LONG + 2, BOMB + LONG + 2]);
  assert.deepEqual(await box.suppressions(), []);
  // The real one among them is still heard.
  await box.dovecot.deliver(statusReport(box.idOf('reader3@example.org'), DEAD));
  assert.deepEqual((await box.read()).suppressed, [['reader3@example.org', 'bounced']]);
});
