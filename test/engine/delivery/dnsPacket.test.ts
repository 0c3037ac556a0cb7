import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { SocketAddress } from 'node:net';
import { test } from 'node:test';
import { type Answer, decodeMessage, encodeQuery, MalformedDns } from '../../../src/engine/delivery/dnsWire.ts';
import type { RecordType } from '../../../src/shared/dns.ts';
import { randomly } from '../../support/randomly.ts';

/* Our reader and writer of DNS messages against dns-packet's: docs/decisions/dns.md. */

interface Theirs {
  type: string;
  name: string;
  ttl?: number;
  data?: unknown;
}
interface Packet {
  id?: number;
  type?: 'query' | 'response';
  flags?: number;
  questions?: { type: string; name: string; class?: string }[];
  answers?: Theirs[];
  authorities?: Theirs[];
  additionals?: { type: string; udpPayloadSize?: number; flag_do?: boolean }[];
}
const dnsPacket = createRequire(import.meta.url)('dns-packet') as {
  encode(packet: Packet): Buffer;
  decode(octets: Buffer): Required<Packet> & { flag_rd: boolean; flag_ad: boolean; rcode: string };
};

const random = randomly(20261125);
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-_';
const label = (most = 12) => Array.from({ length: 1 + random(most) }, () => letters[random(letters.length)]).join('');
const name = () => Array.from({ length: 1 + random(5) }, () => label()).join('.');
const octets = (length: number) => Buffer.from(Array.from({ length }, () => random(256)));
const ipv6 = () => {
  const groups = Array.from({ length: 8 }, () => (random(3) === 0 ? '0' : random(65536).toString(16)));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
};

/** One record as dns-packet wants it and as ours should read it. */
function record(): { theirs: Theirs; ours: Answer } {
  const about = { name: name(), ttl: random(100_000) };
  switch (random(7)) {
    case 0: {
      const value = [...octets(4)].join('.');
      return { theirs: { ...about, type: 'A', data: value }, ours: { ...about, type: 'A', value } };
    }
    case 1: {
      const value = ipv6();
      return { theirs: { ...about, type: 'AAAA', data: value }, ours: { ...about, type: 'AAAA', value } };
    }
    case 2: {
      const value = { preference: random(65536), exchange: name() };
      return { theirs: { ...about, type: 'MX', data: value }, ours: { ...about, type: 'MX', value } };
    }
    case 3: {
      const strings = Array.from({ length: 1 + random(4) }, () => label(200));
      return {
        theirs: { ...about, type: 'TXT', data: strings },
        ours: { ...about, type: 'TXT', value: strings.join('') },
      };
    }
    case 4: {
      const [usage, selector, matching] = [random(4), random(2), random(3)];
      const data = octets(32);
      return {
        theirs: { ...about, type: 'TLSA', data: { usage, selector, matchingType: matching, certificate: data } },
        ours: { ...about, type: 'TLSA', value: { usage, selector, matching, data } },
      };
    }
    case 5: {
      const value = name();
      return { theirs: { ...about, type: 'CNAME', data: value }, ours: { ...about, type: 'CNAME', value } };
    }
    default: {
      const value = random(86_400);
      const data = { mname: name(), rname: name(), serial: 1, refresh: 2, retry: 3, expire: 4, minimum: value };
      return { theirs: { ...about, type: 'SOA', data }, ours: { ...about, type: 'SOA', value } };
    }
  }
}

function message(): { packet: Buffer; answers: Answer[]; authority: Answer[] } {
  const answers = Array.from({ length: random(6) }, record);
  const authority = Array.from({ length: random(3) }, record);
  const packet = dnsPacket.encode({
    id: random(65536),
    type: 'response',
    flags: 0x0180,
    questions: [{ type: 'MX', name: name() }],
    answers: answers.map(({ theirs }) => theirs),
    authorities: authority.map(({ theirs }) => theirs),
  });
  return { packet, answers: answers.map(({ ours }) => ours), authority: authority.map(({ ours }) => ours) };
}

test('our parser reads what dns-packet writes: a thousand messages of every kind of record', () => {
  for (let round = 0; round < 1000; round++) {
    const { packet, answers, authority } = message();
    const read = decodeMessage(packet);
    assert.deepEqual([read.answers, read.authority], [answers, authority]);
    assert.ok(read.isResponse && read.rcode === 0);
  }
});

test('dns-packet reads our queries', () => {
  for (const type of ['A', 'AAAA', 'MX', 'TXT', 'TLSA'] satisfies RecordType[])
    for (const edns of [true, false]) {
      const asked = name();
      const read = dnsPacket.decode(encodeQuery(4711, asked, type, edns));
      assert.deepEqual([read.id, read.flag_rd, read.flag_ad], [4711, true, true]);
      assert.deepEqual(read.questions, [{ name: asked, type, class: 'IN' }]);
      const [opt] = read.additionals;
      assert.deepEqual(edns ? [opt?.udpPayloadSize, opt?.flag_do] : [], edns ? [1232, true] : []);
    }
});

test('a message with wrong octets is refused as malformed, or read as dns-packet reads it', () => {
  let refused = 0;
  let agreed = 0;
  for (let round = 0; round < 5000; round++) {
    const packet = Buffer.from(message().packet);
    for (let wrong = 1 + random(3); wrong > 0; wrong--) packet[random(packet.length)] = random(256);
    const cut = random(4) === 0 ? packet.subarray(0, random(packet.length)) : packet;
    let read: ReturnType<typeof decodeMessage>;
    try {
      read = decodeMessage(cut);
    } catch (error) {
      assert.ok(error instanceof MalformedDns, String(error));
      refused++;
      continue;
    }
    let theirs: ReturnType<typeof dnsPacket.decode>;
    try {
      theirs = dnsPacket.decode(cut);
    } catch {
      continue;
    }
    const addresses = (records: readonly { type: string; data?: unknown; value?: unknown; class?: string }[]) =>
      records.filter(({ type, class: of = 'IN' }) => type === 'A' && of === 'IN').map((a) => a.value ?? a.data);
    assert.deepEqual(addresses(read.answers), addresses(theirs.answers));
    agreed++;
  }
  assert.ok(refused > 200 && agreed > 1000, `${refused} refused, ${agreed} read alike`);
});
