import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSuppressionEntry, wildcardsOver } from '../../src/shared/suppressionEntry.ts';

test('an entry is an address, a domain alone, or the subdomains of one', () => {
  const rows: [string, string | null][] = [
    ['Grace@Example.ORG', 'grace@example.org'],
    ['example.org', 'example.org'],
    ['@example.org', 'example.org'],
    ['*.Example.org', '*.example.org'],
    ['*.org', null],
    ['*example.org', null],
    ['a@b@c', null],
    ['*.', null],
    ['', null],
  ];
  for (const [written, entry] of rows) assert.equal(parseSuppressionEntry(written), entry, written);
});

test('a domain falls under the wildcards above it, not under its own', () => {
  assert.deepEqual(wildcardsOver('a.b.example.org'), ['*.b.example.org', '*.example.org']);
  assert.deepEqual(wildcardsOver('example.org'), []);
});
