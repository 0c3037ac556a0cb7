import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowingNetworks, alternateFamilies, isForbiddenAddress } from '../../../src/engine/delivery/addresses.ts';
import { fault } from '../../../src/engine/delivery/attemptEnd.ts';
import { dataOf, dotStuff, isEightBit } from '../../../src/engine/delivery/dotStuff.ts';
import { helloName, parseExtensions } from '../../../src/engine/delivery/extensions.ts';
import { isHostName } from '../../../src/engine/delivery/mx.ts';
import { PortWatch } from '../../../src/engine/delivery/portWatch.ts';
import { ReplyReader } from '../../../src/engine/delivery/replyReader.ts';
import { routeFor, routesNeedMx } from '../../../src/engine/delivery/route.ts';
import { parseStsPolicy, StsPolicies, stsAllows, stsRecordId } from '../../../src/engine/delivery/sts.ts';
import { providerOfHost, providerOfReply } from '../../../src/providers/lookup.ts';
import { markWireReady } from '../../../src/shared/wireReady.ts';

const stuffings: readonly [string, string][] = [
  ['a\r\nb\r\n', 'a\r\nb\r\n'],
  ['a\r\n.b\r\n', 'a\r\n..b\r\n'],
  ['.\r\n', '..\r\n'],
  ['.', '..\r\n'],
  ['', '\r\n'],
  ['no end', 'no end\r\n'],
  ['a\r\n.\r\nb\r\n', 'a\r\n..\r\nb\r\n'],
  ['a\r\n..\r\n', 'a\r\n...\r\n'],
  ['a.b\r\n', 'a.b\r\n'],
  // Every way a server might be led to see an end of data where there is none.
  ['a\n.\nb', 'a\r\n..\r\nb\r\n'],
  ['a\n.\rb', 'a\r\n..\r\nb\r\n'],
  ['a\r.\nb', 'a\r\n..\r\nb\r\n'],
  ['a\r.\rb', 'a\r\n..\r\nb\r\n'],
  ['a\n.\r\nb', 'a\r\n..\r\nb\r\n'],
  ['a\r.\r\nb', 'a\r\n..\r\nb\r\n'],
  ['a\r\n.\r\r\nb', 'a\r\n..\r\n\r\nb\r\n'],
  ['a\r\r\n.\r\r\nb', 'a\r\n\r\n..\r\n\r\nb\r\n'],
  ['a\r', 'a\r\n'],
  ['a\n', 'a\r\n'],
  ['\r\n.', '\r\n..\r\n'],
];
for (const [text, expected] of stuffings) {
  test(`stuffs ${JSON.stringify(text)}`, () => {
    assert.equal(dotStuff(Buffer.from(text, 'latin1')).toString('latin1'), expected);
  });
}

test('any bytes, stuffed and unstuffed, come back with CRLF line ends, and contain no end of data', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed % below;
  };
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: random(40) }, () => 'ab.\r\n\u00e9'[random(6)]).join('');
    const wire = dotStuff(Buffer.from(text, 'latin1')).toString('latin1');
    assert.doesNotMatch(wire, /(^|\r\n)\.(\r\n|$)/);
    assert.doesNotMatch(wire, /[^\r]\n|\r(?!\n)/);
    const canonical = text.replace(/\r\n|\r|\n/g, '\r\n').replace(/(?:\r\n)?$/, '\r\n');
    const wanted = text === '' || /[\r\n]$/.test(text) ? text.replace(/\r\n|\r|\n/g, '\r\n') || '\r\n' : canonical;
    assert.equal(wire.replace(/^\.(?=.)|(?<=\n)\.(?=.)/g, ''), wanted, JSON.stringify(text));
  }
});

test('only composed messages are written unchecked, and no flag lets an end of data through', () => {
  for (const [text, expected] of stuffings) {
    const bytes = Buffer.from(text, 'latin1');
    assert.equal(dataOf(bytes).toString('latin1'), expected);
    if (!/(?:^|[^\r])\n|\r(?!\n)/.test(text)) assert.equal(dataOf(markWireReady(bytes)).toString('latin1'), expected);
  }
  const made = markWireReady(Buffer.from('a\r\nb\r\n'));
  assert.equal(dataOf(made).buffer, made.buffer);
});

test('bytes that need nothing are not copied', () => {
  const bytes = Buffer.from('a\r\nb\r\n');
  assert.equal(dotStuff(bytes).buffer, bytes.buffer);
  assert.equal(isEightBit(bytes), false);
  assert.equal(isEightBit(Buffer.from('é')), true);
});

test('replies are the same however the octets are split', () => {
  const wire = Buffer.from(
    '250-mx.example\r\n250-SIZE\r\n250 OK\r\n550-5.1.1 no\r\n550 5.1.1 such é\u001b[31m user\n354 go\r\n',
  );
  for (let size = 1; size <= wire.length; size++) {
    const reader = new ReplyReader();
    const found = [];
    for (let at = 0; at < wire.length; at += size) {
      const { replies, malformed } = reader.push(wire.subarray(at, at + size));
      assert.equal(malformed, '');
      found.push(...replies);
    }
    assert.deepEqual(
      found.map(({ code, enhanced, text }) => `${code}|${enhanced}|${text}`),
      ['250||mx.example SIZE OK', '550|5.1.1|no such é [31m user', '354||go'],
    );
    assert.equal(reader.pending, false);
  }
});

const extensionLines = [
  'mx.example',
  'SIZE 1000',
  'pipelining',
  'AUTH PLAIN login',
  'AUTH=CRAM-MD5',
  'LIMITS MAILMAX=5 RCPTMAX=100',
  '8BITMIME',
  'X-OTHER a b',
  '',
];
test('extensions are read whatever their case', () => {
  const found = parseExtensions(extensionLines);
  assert.equal(found.pipelining, true);
  assert.deepEqual(found.size, { offered: true, max: 1000 });
  assert.deepEqual(found.auth, ['PLAIN', 'LOGIN', 'CRAM-MD5']);
  assert.equal(found.mailMax, 5);
  assert.equal(found.rcptMax, 100);
  assert.equal(found.starttls, false);
  assert.equal(parseExtensions(['x', 'SIZE', 'LIMITS MAILMAX=zero']).mailMax, Number.POSITIVE_INFINITY);
  assert.equal(parseExtensions(['x', 'SIZE 0']).size.max, Number.POSITIVE_INFINITY);
});

test('EHLO uses the configured name, this machine’s full name, or our address', () => {
  assert.equal(helloName('me.example.org', '192.0.2.1', 'box'), 'me.example.org');
  assert.equal(helloName('', '192.0.2.1', 'mail.example.org'), 'mail.example.org');
  assert.equal(helloName('', '192.0.2.1', 'box'), '[192.0.2.1]');
  assert.equal(helloName('', '192.0.2.1', 'macbook.local'), '[192.0.2.1]');
  assert.equal(helloName('', '2001:db8::1', 'box'), '[IPv6:2001:db8::1]');
});

const forbidden = [
  '127.0.0.1',
  '10.1.2.3',
  '192.168.0.1',
  '172.31.255.255',
  '169.254.1.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '100.64.0.1',
  '::1',
  '::',
  'fe80::1',
  'fd12::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::a00:1',
  '2002:a00:1::1',
  '2002:7f00:1::',
  '::127.0.0.1',
  'fe80::1%eth0',
  'nonsense',
  '',
];
const allowed = [
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '2a00:1450:4010::1a',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
  '2002:808:808::1',
];
test('no recipient’s domain can direct us into a private network', () => {
  for (const address of forbidden) assert.equal(isForbiddenAddress(address), true, address);
  for (const address of allowed) assert.equal(isForbiddenAddress(address), false, address);
});

test('a test lab may name its networks, and only those are allowed', () => {
  const lab = allowingNetworks('127.0.0.0/8, fd00::/8 10.9.0.1');
  for (const address of ['127.0.0.5', 'fd12::1', '10.9.0.1', '8.8.8.8']) assert.equal(lab(address), false, address);
  for (const address of ['10.9.0.2', '192.168.0.1', '::1']) assert.equal(lab(address), true, address);
  for (const wrong of ['127.0.0.0/40', 'loopback', '127.0.0.1/x', 'fd00::/129'])
    assert.throws(() => allowingNetworks(wrong), RangeError);
});

test('address families alternate', () => {
  assert.deepEqual(alternateFamilies(['2001:db8::1', '2001:db8::2', '192.0.2.1']), [
    '2001:db8::1',
    '192.0.2.1',
    '2001:db8::2',
  ]);
  assert.deepEqual(alternateFamilies(['192.0.2.1', '192.0.2.2']), ['192.0.2.1', '192.0.2.2']);
});

test('host names', () => {
  for (const good of ['example.org', 'a-b.example', '_dmarc.example', 'xn--bcher-kva.example'])
    assert.equal(isHostName(good), true, good);
  for (const bad of [
    'localhost',
    'foo..bar',
    '-x.example',
    'x-.example',
    '1.2.3.4',
    '',
    '.',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(130)}example`,
    'a b.example',
    'a\\046b.example',
    'bücher.example',
  ]) {
    assert.equal(isHostName(bad), false, bad);
  }
});

test('providers are recognized by their hosts, the most specific ending first, or by their replies', () => {
  const rows: readonly [string, string | undefined][] = [
    ['gmail-smtp-in.l.google.com', 'google'],
    ['ASPMX.L.GOOGLE.COM.', 'google'],
    ['example-org.mail.protection.outlook.com', 'microsoft365'],
    ['hotmail-com.olc.protection.outlook.com', 'outlook'],
    ['mta5.am0.yahoodns.net', 'yahoo'],
    ['mx1.mail.yahoo.co.jp', 'yahooJapan'],
    ['notgoogle.com', undefined],
    ['google.com.evil.example', undefined],
  ];
  for (const [host, expected] of rows) assert.equal(providerOfHost(host)?.id, expected, host);
  assert.equal(providerOfReply('relay.example.org', 'ok a1-2 - gsmtp')?.id, 'google');
  assert.equal(providerOfReply('relay.example.org', '[AM0.eurprd01.prod.outlook.com]')?.id, 'microsoft365');
  assert.equal(providerOfReply('relay.example.org', 'queued')?.id, undefined);
});

const routes = {
  route: ['office', 'direct'],
  domainRoutes: {
    'Example.org': ['own'],
    '*.example.org': ['below'],
    '*.deep.example.org': ['deep'],
    microsoft365: ['exchange'],
    'mx:mail.example.net': ['host'],
    'mx:example.net': ['operator'],
  },
};
const routed: readonly [string, readonly string[], string][] = [
  ['example.org', [], 'own'],
  ['www.example.org', [], 'below'],
  ['a.b.example.org', [], 'below'],
  ['x.deep.example.org', [], 'deep'],
  ['notexample.org', [], 'office,direct'],
  ['corp.example', ['corp-example.mail.protection.outlook.com'], 'exchange'],
  ['hosted.example', ['mx1.example.net'], 'operator'],
  ['hosted.example', ['mx1.mail.example.net'], 'host'],
  ['hosted.example', ['mail.example.net'], 'host'],
  ['example.org', ['mx1.example.net'], 'own'],
  ['other.example', ['mx.badexample.net'], 'office,direct'],
  ['other.example', [], 'office,direct'],
];
for (const [domain, hosts, expected] of routed) {
  test(`mail to ${domain} at ${hosts[0] ?? 'unknown hosts'} goes via ${expected}`, () => {
    assert.equal(routeFor(routes, domain, hosts).join(','), expected);
  });
}

test('MX hosts are only looked up where a route depends on them', () => {
  assert.equal(routesNeedMx(routes), true);
  assert.equal(routesNeedMx({ domainRoutes: { 'gmail.com': ['office'], '*.example': ['direct'] } }), false);
  assert.equal(routesNeedMx({ domainRoutes: { google: ['office'] } }), true);
});

test('MTA-STS policies and records as in RFC 8461', () => {
  assert.deepEqual(
    parseStsPolicy('version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 604800\n'),
    {
      mode: 'enforce',
      mx: ['mail.example.com', '*.example.net'],
      maxAgeMs: 604_800_000,
    },
  );
  assert.equal(parseStsPolicy('version: STSv1\r\nmode: none\r\nmax_age: 1\r\n')?.mode, 'none');
  for (const wrong of [
    '',
    'version: STSv2\nmode: enforce\nmx: a.b\nmax_age: 1',
    'version: STSv1\nmode: enforce\nmax_age: 1',
    'version: STSv1\nmode: strict\nmx: a.b\nmax_age: 1',
    'version: STSv1\nmode: enforce\nmx: a.b\nmax_age: soon',
    '<html>404</html>',
  ]) {
    assert.equal(parseStsPolicy(wrong), null, wrong);
  }
  assert.equal(stsRecordId(['v=STSv1; id=20160831085700Z;']), '20160831085700Z');
  assert.equal(stsRecordId(['v=spf1 -all', 'v=STSv1;id=1']), '1');
  for (const wrong of [
    [],
    ['v=STSv1; id=1', 'v=STSv1; id=2'],
    ['v=STSv1'],
    ['v=STSv1; id=no-dashes'],
    ['V=STSv2; id=1'],
  ]) {
    assert.equal(stsRecordId(wrong), null, String(wrong));
  }
  const policy = { mx: ['mail.example.com', '*.example.net'] };
  for (const host of ['mail.example.com', 'a.example.net']) assert.equal(stsAllows(policy, host), true, host);
  for (const host of ['example.net', 'a.b.example.net', 'x.mail.example.com', 'aexample.net'])
    assert.equal(stsAllows(policy, host), false, host);
});

test('a known policy survives DNS and web trouble, and a new id brings the new one', async () => {
  let now = 0;
  let record: string | null = 'v=STSv1; id=1';
  let text: string | Error = 'version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1000\n';
  let fetched = 0;
  const policies = new StsPolicies(
    {
      query: async () =>
        (record === null
          ? { kind: 'failed', code: 'dnsTemporary', detail: '' }
          : { kind: 'found', records: [record], name: '', ttlMs: 0, authenticated: false }) as never,
    },
    async () => {
      fetched++;
      if (text instanceof Error) throw text;
      return text;
    },
    () => now,
  );
  const mode = async () => (await policies.policyOf('example.org'))?.mode;
  assert.equal(await mode(), 'enforce');
  assert.equal(await mode(), 'enforce');
  assert.equal(fetched, 1);
  record = null;
  assert.equal(await mode(), 'enforce');
  record = 'v=STSv1; id=2';
  text = new Error('503');
  assert.equal(await mode(), 'enforce');
  text = 'version: STSv1\nmode: none\nmax_age: 1000\n';
  assert.equal(await mode(), 'none');
  now = 1_000_001;
  record = null;
  assert.equal(await mode(), undefined);
  record = 'v=STSv1; id=3';
  text = new Error('404');
  fetched = 0;
  assert.equal(await mode(), undefined);
  assert.equal(await mode(), undefined);
  assert.equal(fetched, 1, 'a failed fetch is not repeated at once');
});

test('port 25 counts as blocked for ten minutes when unrelated providers are silent and none answers', () => {
  const watch = new PortWatch();
  const silent = fault('connect', 'timeout', '');
  watch.failed('a.example', silent, 0);
  watch.failed('a.example', silent, 1);
  watch.failed('b.example', silent, 2);
  assert.equal(watch.isBlocked(3), false);
  watch.failed('c.example', fault('tls', 'tlsHandshake', ''), 3);
  assert.equal(watch.isBlocked(3), false);
  watch.failed('c.example', silent, 4);
  assert.equal(watch.isBlocked(5), true);
  assert.equal(watch.isBlocked(600_003), false);
  watch.reached(600_010);
  for (const name of ['d', 'e', 'f', 'g']) watch.failed(name, silent, 600_020);
  assert.equal(watch.isBlocked(600_021), false);
});
