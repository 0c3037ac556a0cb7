import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operatorName } from '../../src/shared/operatorName.ts';
import { replyText } from '../../src/shared/outcome.ts';

const hosts: readonly [string, string][] = [
  ['mx1.mail.example.co.uk', 'example.co.uk'],
  ['example.co.uk', 'example.co.uk'],
  ['mx.example.org', 'example.org'],
  ['alt1.gmail-smtp-in.l.google.com.', 'google.com'],
  ['mx.example.fr', 'example.fr'],
  ['smtp.ac-paris.example.gouv.fr', 'example.gouv.fr'],
  ['mail.example.com.au', 'example.com.au'],
  ['mx.co.example', 'co.example'],
  ['localhost', 'localhost'],
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['', ''],
];
for (const [host, expected] of hosts) {
  test(`${host || 'no host'} is run by ${expected || 'nobody'}`, () => assert.equal(operatorName(host), expected));
}

test('a reply is written as it was said, without gaps', () => {
  assert.equal(replyText({ code: 550, enhanced: '5.1.1', text: 'no such\r\n user ' }), '550 5.1.1 no such user');
  assert.equal(replyText({ code: 550, enhanced: '', text: 'no' }), '550 no');
  assert.equal(replyText({ code: 0, enhanced: '', text: 'nobody answers' }), 'nobody answers');
});
