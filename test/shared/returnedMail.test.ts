import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailLink, type ReturnedMail, suppressionFor } from '../../src/shared/returnedMail.ts';

const account = 'ada@imap.example.org:993/INBOX';
const gmail = 'ada@gmail.com@imap.gmail.com:993/INBOX';

test('a message is opened by what its mail program takes', () => {
  const messageId = '<a+b/c%d@example.org>';
  const id = 'a%2Bb%2Fc%25d%40example.org';
  assert.equal(mailLink({ messageId, account }, 'linux'), `mid:${id}`);
  assert.equal(mailLink({ messageId, account }, 'win32'), `mid:${id}`);
  assert.equal(mailLink({ messageId, account }, 'darwin'), `message://%3C${id}%3E`);
  const search = `https://mail.google.com/mail/#search/rfc822msgid%3A${id}`;
  assert.equal(mailLink({ messageId, account: gmail }, 'darwin'), search);
  assert.ok(mailLink({ messageId, account: 'ada@imap.gmail.com.evil.example:993/INBOX' }, 'linux').startsWith('mid:'));
});

test('what is no Message-ID opens nothing', () => {
  for (const messageId of ['', 'a@b', '<>', '<a b@c>', '<a\n@b>', '<<a@b>>', `<${'a'.repeat(901)}>`, '<é@b>'])
    assert.equal(mailLink({ messageId, account }, 'linux'), '', messageId);
});

test('only what names an address can be suppressed for, and never a reply', () => {
  const mail = (kind: ReturnedMail['kind'], about: string) => ({
    ...{ id: 1, campaign: '', from: '', subject: '', messageId: '', account, at: 0 },
    kind,
    about,
  });
  const reasonFor = (kind: ReturnedMail['kind'], about = 'grace@example.org') =>
    suppressionFor(mail(kind, about))?.reason ?? null;
  assert.deepEqual(
    [reasonFor('bounced'), reasonFor('complained'), reasonFor('left'), reasonFor('replied')],
    ['bounced', 'complained', 'unsubscribed', null],
  );
  assert.deepEqual(
    [reasonFor('bounced', ''), reasonFor('left', 'example.org'), reasonFor('left', '*@x')],
    [null, null, null],
  );
});
