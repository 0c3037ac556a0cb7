import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldAddress, parseAddress, parseDomain, parseMailbox } from '../../src/shared/address.ts';

const label63 = 'd'.repeat(63);

const good: [written: string, address: string][] = [
  ['ada@example.org', 'ada@example.org'],
  ['  ada@example.org\t', 'ada@example.org'],
  ['Ada@EXAMPLE.Org', 'Ada@example.org'],
  ["o'neil+news=a/b@example.org", "o'neil+news=a/b@example.org"],
  ['"ada byron"@example.org', '"ada byron"@example.org'],
  ['"a\\"@b"@example.org', '"a\\"@b"@example.org'],
  ['ada@example.org.', 'ada@example.org'],
  ['jörg@x.example'.replace('ö', 'o'), 'jorg@x.example'],
  ['ada@münchen.example', 'ada@xn--mnchen-3ya.example'],
  ['ada@例え.example', 'ada@xn--r8jz45g.example'],
  ['ada@xn--mnchen-3ya.example', 'ada@xn--mnchen-3ya.example'],
  [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
  ['a@1and1.example', 'a@1and1.example'],
];

const bad: [written: string, reason: RegExp][] = [
  ['', /empty/],
  ['   ', /empty/],
  ['ada', /no @/],
  ['@example.org', /before the @/],
  ['ada@', /after the @/],
  ['ada@localhost', /domain/],
  ['ada@-x.example', /domain/],
  ['ada@x-.example', /domain/],
  ['ada@a..example', /domain/],
  ['ada@.example', /domain/],
  ['ada@a_b.example', /domain/],
  [`ada@${label63}d.example`, /domain/],
  ['ada@1.2.3.4', /domain/],
  ['ada@0x7f.1', /domain/],
  ['ada@example.org/path', /domain/],
  ['ada@exam%70le.org', /domain/],
  ['ada@example.org?x=1', /domain/],
  ['ada@example.org:25', /domain/],
  ['ada@[192.0.2.1]', /\[IP\]/],
  ['ada@[IPv6:2001:db8::1]', /\[IP\]/],
  ['jö rg@example.org', /space or a separator/],
  ['jö\u200brg@example.org', /well formed/],
  ['jö\u202erg@example.org', /well formed/],
  ['jö\u3000rg@example.org', /well formed|space/],
  [`${'ö'.repeat(33)}@example.org`, /64/],
  ['.ada@example.org', /well formed/],
  ['ada.@example.org', /well formed/],
  ['a..b@example.org', /well formed/],
  ['a@b@example.org', /well formed/],
  ['ada byron@example.org', /space or a separator/],
  ['ada@example.org, bob@example.org', /space or a separator|well formed/],
  ['ada@example.org;bob@example.org', /space or a separator|well formed/],
  ['<ada@example.org>', /space or a separator|domain/],
  ['ada\r\nRCPT TO:<x@y.example>@example.org', /control/],
  ['ada\u0000@example.org', /control/],
  ['ada@exam\nple.org', /control/],
  [`${'a'.repeat(65)}@example.org`, /64/],
  [`${'a'.repeat(64)}@${`${label63}.`.repeat(3)}org`, /254/],
  [`a@${`${label63}.`.repeat(4)}org`, /domain/],
];

test('addresses that SMTP carries are taken, with their domain as lower-case A-labels', () => {
  for (const [written, address] of good) {
    const parsed = parseAddress(written);
    assert.ok(parsed.ok, written);
    assert.equal(parsed.address, address);
    assert.equal(`${parsed.local}@${parsed.domain}`, address);
  }
});

test('what SMTP does not carry is refused, and the reason says why', () => {
  for (const [written, reason] of bad) {
    const parsed = parseAddress(written);
    assert.ok(!parsed.ok, JSON.stringify(written));
    assert.match(parsed.reason.template, reason, JSON.stringify(written));
  }
});

test('a good address parses to itself again', () => {
  for (const [, address] of good) {
    const parsed = parseAddress(address);
    assert.equal(parsed.ok && parsed.address, address);
  }
});

test('spellings of one mailbox fold to one key, different ones do not', () => {
  assert.equal(foldAddress('Ada@example.org'), foldAddress('ADA@example.org'));
  assert.notEqual(foldAddress('ada@example.org'), foldAddress('ada+x@example.org'));
});

test('a domain is lower-case A-labels or nothing', () => {
  const rows: [string, string | null][] = [
    ['Example.ORG', 'example.org'],
    ['ex。org', 'ex.org'],
    ['faß.example', 'xn--fa-hia.example'],
    ['org', null],
    ['user:p@h.example', null],
    ['a b.example', null],
  ];
  for (const [written, domain] of rows) assert.equal(parseDomain(written), domain, written);
});

test('a mailbox is a name and an address; two addresses or a comment are refused', () => {
  const rows: [string, { name: string; address: string } | null][] = [
    ['ada@example.org', { name: '', address: 'ada@example.org' }],
    ['<ada@example.org>', { name: '', address: 'ada@example.org' }],
    ['Ada Byron <ada@example.org>', { name: 'Ada Byron', address: 'ada@example.org' }],
    ['"Byron, Ada" <ada@example.org>', { name: 'Byron, Ada', address: 'ada@example.org' }],
    ['"The \\"A\\"" <ada@example.org>', { name: 'The "A"', address: 'ada@example.org' }],
    ['Ève Ünal <eve@example.org>', { name: 'Ève Ünal', address: 'eve@example.org' }],
    ['Byron, Ada <ada@example.org>', null],
    ['Ada <ada@example.org>, Bob <bob@example.org>', null],
    ['ada@example.org (Ada)', null],
    ['Ada (home) <ada@example.org>', null],
    ['Ada <ada>', null],
    ['Ada\r\nBcc: x <ada@example.org>', null],
    ['', null],
  ];
  for (const [written, expected] of rows) {
    const parsed = parseMailbox(written);
    if (expected === null) assert.ok(!parsed.ok, written);
    else assert.deepEqual(parsed, { ok: true, ...expected });
  }
});

test('a local part beyond ASCII is taken, in one form for all who write the same; a sender’s is not', () => {
  for (const [written, address] of [
    ['jörg@Bücher.example', 'jörg@xn--bcher-kva.example'],
    ['jo\u0308rg@example.org', 'jörg@example.org'],
    ['дмитрий.иванов@example.org', 'дмитрий.иванов@example.org'],
    ['用户@example.org', '用户@example.org'],
    [`${'ö'.repeat(32)}@example.org`, `${'ö'.repeat(32)}@example.org`],
  ] as const) {
    const parsed = parseAddress(written);
    assert.equal(parsed.ok && parsed.address, address);
  }
  assert.equal(parseMailbox('Jörg <jörg@example.org>').ok, false);
  assert.equal(parseMailbox('Jörg <joerg@bücher.example>').ok, true);
});
