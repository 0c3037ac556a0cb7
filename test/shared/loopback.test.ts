import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../../src/shared/loopback.ts';

test('this machine is known by each of its names, and nothing else is', () => {
  for (const host of [
    'localhost',
    'LOCALHOST',
    '127.0.0.1',
    '127.255.0.9',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
  ])
    assert.equal(isLoopback(host), true, host);
  for (const host of [
    '',
    'localhost.example.org',
    '128.0.0.1',
    '127.0.0.1.example.org',
    '127.1',
    '::2',
    '10.0.0.1',
    '127.example',
  ])
    assert.equal(isLoopback(host), false, host);
});
