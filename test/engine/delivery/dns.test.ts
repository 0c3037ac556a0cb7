import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { after, test } from 'node:test';
import { DnsClient, parseDnsServer } from '../../../src/engine/delivery/dnsClient.ts';
import { decodeMessage, encodeQuery, MalformedDns } from '../../../src/engine/delivery/dnsWire.ts';
import { CachingResolver } from '../../../src/engine/delivery/resolver.ts';
import type { DnsResult, RecordType, Resolver } from '../../../src/shared/dns.ts';
import { DnsServer } from '../../support/dnsServer.ts';

const longText = `v=STSv1; ${'x'.repeat(600)}`;
const server = await DnsServer.start({
  'example.org': {
    MX: [
      { preference: 10, exchange: 'MX1.example.org' },
      { preference: 20, exchange: 'mx2.example.org' },
    ],
    ttl: 120,
    authenticated: true,
  },
  'null.example': { MX: [{ preference: 0, exchange: '.' }] },
  'bare.example': { A: ['192.0.2.1'] },
  'alias.example': { CNAME: 'example.org', ttl: 30 },
  'alias.alias.example': { CNAME: 'alias.example', ttl: 300 },
  'bare.alias.example': { CNAME: 'example.org', bareAlias: true },
  'dangling.example': { CNAME: 'nowhere.example' },
  'loop.example': { CNAME: 'pool.example' },
  'pool.example': { CNAME: 'loop.example' },
  'bareloop.example': { CNAME: 'barepool.example', bareAlias: true },
  'barepool.example': { CNAME: 'bareloop.example', bareAlias: true },
  'servfail.example': { fail: 'SERVFAIL' },
  'refused.example': { fail: 'REFUSED' },
  'hang.example': { fail: 'hang' },
  'garbage.example': { fail: 'garbage' },
  'spoofed.example': { fail: 'wrongId' },
  'long.example': { TXT: [longText], truncate: true },
  'six.example': { AAAA: ['2001:db8::1', '2001:0:0:1:0:0:0:1', 'fe80::1:2:3:4'] },
  '_25._tcp.mx.example': {
    TLSA: [{ usage: 3, selector: 1, matching: 1, data: Buffer.alloc(32, 7) }],
    authenticated: true,
  },
});
after(() => server.close());
const client = new DnsClient([server.name], [100, 100]);

test('MX records come with TTL and DNSSEC status', async () => {
  assert.deepEqual(await client.query('Example.ORG.', 'MX'), {
    kind: 'found',
    records: [
      { preference: 10, exchange: 'mx1.example.org' },
      { preference: 20, exchange: 'mx2.example.org' },
    ],
    name: 'example.org',
    ttlMs: 120_000,
    authenticated: true,
  });
});

const rows: readonly [string, RecordType, string][] = [
  ['null.example', 'MX', 'found [{"preference":0,"exchange":""}]'],
  ['bare.example', 'MX', 'noData 60000'],
  ['nowhere.example', 'MX', 'noName 60000'],
  [
    'alias.example',
    'MX',
    'found [{"preference":10,"exchange":"mx1.example.org"},{"preference":20,"exchange":"mx2.example.org"}]',
  ],
  ['dangling.example', 'A', 'noName 60000'],
  ['loop.example', 'A', 'failed dnsTemporary'],
  ['bareloop.example', 'A', 'failed dnsTemporary'],
  ['servfail.example', 'MX', 'failed dnsTemporary'],
  ['refused.example', 'MX', 'failed dnsTemporary'],
  ['hang.example', 'MX', 'failed dnsTemporary'],
  ['garbage.example', 'MX', 'failed dnsTemporary'],
  ['spoofed.example', 'MX', 'failed dnsTemporary'],
  ['long.example', 'TXT', `found ["${longText}"]`],
  ['six.example', 'AAAA', 'found ["2001:db8::1","2001:0:0:1::1","fe80::1:2:3:4"]'],
  [
    '_25._tcp.mx.example',
    'TLSA',
    `found [{"usage":3,"selector":1,"matching":1,"data":${JSON.stringify(Buffer.alloc(32, 7))}}]`,
  ],
  [`${'a'.repeat(64)}.example`, 'MX', 'failed dnsTemporary'],
];
for (const [name, type, expected] of rows) {
  test(`${type} ${name.slice(0, 40)}: ${expected.slice(0, 60)}`, async () => {
    assert.equal(brief(await client.query(name, type)), expected);
  });
}

test('aliases: the shortest TTL of the chain counts, and a server that returns only the alias is asked again', async () => {
  const far = await client.query('alias.alias.example', 'MX');
  assert.equal(far.kind === 'found' && far.ttlMs, 30_000);
  assert.equal(far.kind === 'found' && far.name, 'example.org');
  assert.equal((await client.query('bare.alias.example', 'MX')).kind, 'found');
});

test('an answer that is too long for UDP comes over TCP', () => {
  assert.ok(server.queries.includes('TXT long.example tcp'));
});

test('a server without EDNS is asked without it', async () => {
  server.knowsEdns = false;
  assert.equal((await client.query('example.org', 'MX')).kind, 'found');
  server.knowsEdns = true;
});

test('without a network no question can be sent: we are offline, and nothing is thrown', async () => {
  // No socket may be connected to the broadcast address, as none may be connected to anything without a network.
  assert.equal(brief(await new DnsClient(['255.255.255.255'], [100]).query('example.org', 'MX')), 'failed dnsOffline');
});

test('nothing at the address of the DNS server: there is a network, but no name server', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  assert.equal(
    brief(await new DnsClient([`127.0.0.1:${port}`], [100]).query('example.org', 'MX')),
    'failed resolverDown',
  );
  // One that answers makes up for one that is not there.
  assert.equal(
    (await new DnsClient([`127.0.0.1:${port}`, server.name], [100]).query('example.org', 'MX')).kind,
    'found',
  );
});

test('no route to the DNS server, as without a network: we are offline, and the next server is asked', async () => {
  // To connect to the broadcast address is refused everywhere, as every address is without a network.
  for (const nowhere of ['255.255.255.255', '[fe80::1]:53']) {
    assert.equal(brief(await new DnsClient([nowhere], [100]).query('example.org', 'MX')), 'failed dnsOffline', nowhere);
    assert.equal(
      (await new DnsClient([nowhere, server.name], [100]).query('example.org', 'MX')).kind,
      'found',
      nowhere,
    );
  }
});

test('"no such domain" has to be confirmed by a second server, if there is one', async () => {
  const better = await DnsServer.start({ 'split.example': { MX: [{ preference: 1, exchange: 'mx.split.example' }] } });
  const both = new DnsClient([server.name, better.name], [100]);
  assert.equal((await both.query('split.example', 'MX')).kind, 'found');
  assert.equal(brief(await both.query('nowhere.example', 'MX')), 'noName 60000');
  await better.close();
  // A second server that is gone does not make the first one wrong.
  assert.equal(brief(await both.query('nowhere.example', 'MX')), 'noName 60000');
});

test('DNS servers are written as addresses with or without a port', () => {
  assert.deepEqual(parseDnsServer('192.0.2.1'), { address: '192.0.2.1', port: 53 });
  assert.deepEqual(parseDnsServer('192.0.2.1:5353'), { address: '192.0.2.1', port: 5353 });
  assert.deepEqual(parseDnsServer('2001:db8::1'), { address: '2001:db8::1', port: 53 });
  assert.deepEqual(parseDnsServer('[2001:db8::1]:5353'), { address: '2001:db8::1', port: 5353 });
  for (const wrong of ['dns.example.org', '192.0.2.1:0', '192.0.2.1:99999', '', '[192.0.2.1']) {
    assert.equal(parseDnsServer(wrong), undefined, wrong);
    if (wrong !== '') assert.throws(() => new DnsClient([wrong]), RangeError);
  }
});

test('random octets are refused and nothing more', () => {
  let seed = 20261123;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const samples = [
    encodeQuery(1, 'example.org', 'MX', true),
    // An answer with a pointer, an MX, a TXT and an SOA.
    Buffer.from(
      '000181800001000300010000076578616d706c65036f726700000f0001c00c000f00010000003c0006000a026d78c00cc00c001000010000003c0004036162630a00060001',
      'hex',
    ),
    Buffer.from('00018180000100010000000001610000010001c00c000100010000003c00047f000001', 'hex'),
  ];
  let read = 0;
  for (let round = 0; round < 30_000; round++) {
    const octets = Buffer.from(samples[random(samples.length)] as Buffer);
    for (let changes = random(6); changes >= 0; changes--) octets[random(octets.length)] = random(256);
    const cut = random(4) === 0 ? octets.subarray(0, random(octets.length)) : octets;
    try {
      decodeMessage(cut);
      read++;
    } catch (error) {
      assert.ok(error instanceof MalformedDns, `round ${round}: ${String(error)} for ${cut.toString('hex')}`);
    }
  }
  assert.ok(read > 100, 'some must stay readable, or this tests nothing');
});

test('compression that leads forwards or in a circle is refused', () => {
  const question = '00018180000100000000000';
  for (const name of ['c00c', 'c0ff', '0161c00c', 'c00e']) {
    assert.throws(() => decodeMessage(Buffer.from(`${question}0${name}00010001`, 'hex')), MalformedDns);
  }
});

test('a dot inside a label does not pass for two labels', () => {
  const octets = Buffer.from('00018180000100000000000003612e620000010001', 'hex');
  assert.equal(decodeMessage(octets).question.name, 'a\\046b');
});

test('the cache keeps an answer for its TTL, a failure for half a minute, and merges equal questions', async () => {
  let now = 0;
  let asked = 0;
  let answer: DnsResult<unknown> = { kind: 'noData', ttlMs: 5_000, authenticated: false };
  const inner = { query: () => Promise.resolve(answer as never).finally(() => asked++) } as Resolver;
  const cache = new CachingResolver(inner, () => now);
  await Promise.all([cache.query('a.example', 'MX'), cache.query('a.example', 'MX')]);
  assert.equal(asked, 1);
  now = 4_999;
  await cache.query('a.example', 'MX');
  assert.equal(asked, 1);
  await cache.query('a.example', 'A');
  assert.equal(asked, 2);
  answer = { kind: 'failed', code: 'dnsTemporary', detail: '' };
  now = 5_000;
  assert.equal((await cache.query('a.example', 'MX')).kind, 'failed');
  assert.equal(asked, 3);
  now = 34_999;
  await cache.query('a.example', 'MX');
  assert.equal(asked, 3);
  now = 35_000;
  await cache.query('a.example', 'MX');
  assert.equal(asked, 4);
  cache.clear();
  await cache.query('a.example', 'MX');
  assert.equal(asked, 5);
});

function brief(result: DnsResult<unknown>): string {
  if (result.kind === 'found') return `found ${JSON.stringify(result.records)}`;
  return result.kind === 'failed' ? `failed ${result.code}` : `${result.kind} ${result.ttlMs}`;
}
