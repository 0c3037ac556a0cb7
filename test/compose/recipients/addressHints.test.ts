import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domainHint, localKind } from '../../../src/compose/recipients/addressHints.ts';

test('an address one letter off a well-known provider is a typo, unless that provider exists', () => {
  const typos = {
    'gmial.com': 'gmail.com',
    'gmai.com': 'gmail.com',
    'gmail.con': 'gmail.com',
    'hotmial.fr': 'hotmail.fr',
    'yaho.com': 'yahoo.com',
    'outlok.com': 'outlook.com',
    'wanadou.fr': 'wanadoo.fr',
  };
  for (const [domain, suggestion] of Object.entries(typos))
    assert.deepEqual(domainHint(domain), { kind: 'typo', suggestion }, domain);
  for (const domain of [
    'gmail.com',
    'mail.com',
    'ymail.com',
    'yahoo.ca',
    'outlook.fi',
    'example.org',
    'gmx.de',
    'free.fr',
    'oranges.org',
  ])
    assert.equal(domainHint(domain), null, domain);
});

test('role addresses and disposable addresses', () => {
  assert.equal(localKind('NoReply'), 'role');
  assert.equal(localKind('Info'), 'shared');
  assert.equal(localKind('abuser'), null);
  assert.deepEqual(domainHint('yopmail.com'), { kind: 'disposable' });
});
