import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivalOf, placementOf } from '../../src/mailbox/arrival.ts';
import { readAuthResults } from '../../src/mailbox/authResults.ts';

const where = { messageId: '<a@b.example>', folder: 'INBOX', placement: 'inbox' as const };
const header = (...fields: string[]) => `${fields.join('\r\n')}\r\n\r\n`;

test('Authentication-Results are read as in RFC 8601', () => {
  const field =
    'mx.example.com 1; spf=pass (a comment; with a semicolon (and another)) smtp.mailfrom=example.org;\r\n dkim=fail reason="bad; very" header.d=example.org header.s=s1; dmarc=none (p=none) header.from=example.org; none';
  assert.deepEqual(readAuthResults(field), {
    server: 'mx.example.com',
    results: [
      { method: 'spf', result: 'pass', about: 'smtp.mailfrom=example.org' },
      { method: 'dkim', result: 'fail', about: 'header.d=example.org header.s=s1' },
      { method: 'dmarc', result: 'none', about: 'header.from=example.org' },
    ],
  });
  assert.deepEqual(readAuthResults('mx.example.com; none'), { server: 'mx.example.com', results: [] });
  assert.equal(readAuthResults('<script>; dkim=pass'), null);
  assert.equal(readAuthResults(''), null);
  assert.ok(readAuthResults(`mx.example.com; ${'('.repeat(100_000)}dkim=pass`));
});

test('only the mailbox’s own server is trusted, and only its topmost results', () => {
  const fields = header(
    'Authentication-Results: mx.own.example; dmarc=fail header.from=sender.example',
    'Authentication-Results: mx.evil.example; dmarc=pass header.from=sender.example',
    'Authentication-Results: MX.own.example; dmarc=pass header.from=sender.example',
  );
  const own = arrivalOf(fields, where, 'mx.own.example');
  assert.deepEqual(own.results, [{ method: 'dmarc', result: 'fail', about: 'header.from=sender.example' }]);
  assert.deepEqual(own.strangers, ['mx.evil.example']);
  assert.deepEqual(arrivalOf(fields, where, '').results, []);
  assert.deepEqual(arrivalOf(fields, where, 'evil.example').results, []);
});

test('each filter of that server may write its own field; fields below the previous hop came with the message', () => {
  const fields = header(
    'Authentication-Results: mx.own.example; dmarc=pass header.from=sender.example',
    'Authentication-Results: mx.own.example; dkim=pass header.d=sender.example; dkim=fail header.d=other.example',
    'Received: from a by mx.own.example; Mon, 30 Nov 2026 10:00:07 +0000',
    'Authentication-Results: mx.own.example; spf=softfail smtp.mailfrom=sender.example',
    'Received: from b by a; Mon, 30 Nov 2026 10:00:01 +0000',
    'Authentication-Results: mx.own.example; arc=pass; spf=pass',
  );
  assert.deepEqual(
    arrivalOf(fields, where, 'mx.own.example').results.map(({ method, result }) => `${method} ${result}`),
    ['dmarc pass', 'dkim pass', 'dkim fail', 'spf softfail'],
  );
});

test('the delay is from its date to the last Received line', () => {
  const received = 'Received: from a by b with ESMTP id 1;\r\n Mon, 30 Nov 2026 10:00:07 +0000';
  const older = 'Received: from c by a; Mon, 30 Nov 2026 10:00:01 +0000';
  const date = 'Date: Mon, 30 Nov 2026 12:00:00 +0200';
  assert.equal(arrivalOf(header(received, older, date), where, '').delayMs, 7_000);
  assert.equal(arrivalOf(header(date), where, '').delayMs, null);
  assert.equal(arrivalOf(header('Received: x; Mon, 30 Nov 2026 09:59:00 +0000', date), where, '').delayMs, 0);
});

test('junk is recognized by what the server says, else by its name', () => {
  const rows: [path: string, specialUse: string | undefined, placement: string][] = [
    ['INBOX', undefined, 'inbox'],
    ['Inbox', undefined, 'inbox'],
    ['Foo', '\\Junk', 'junk'],
    ['[Gmail]/Spam', undefined, 'junk'],
    ['INBOX.Junk', undefined, 'junk'],
    ['Junk E-mail', undefined, 'junk'],
    ['Courrier indésirable', undefined, 'junk'],
    ['Newsletters', undefined, 'other'],
    ['Spamalot tickets', undefined, 'other'],
  ];
  for (const [path, specialUse, placement] of rows) assert.equal(placementOf({ path, specialUse }), placement, path);
});
