import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { isGeneric } from '../../src/evidence/direct/hostItems.ts';
import { addressesIn } from '../../src/evidence/direct/ownAddress.ts';
import { askEvidence, type EvidencePorts } from '../../src/evidence/index.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { format } from '../../src/shared/errors.ts';
import type { SenderQuestion } from '../../src/shared/evidence.ts';
import type { EvidenceCode } from '../../src/shared/evidenceCodes.ts';
import type { Zone } from '../support/dnsServer.ts';
import { silentPorts, zoneDns } from './zoneDns.ts';

const OWN = '192.0.2.25';

const good: Zone = {
  'good.example': { MX: [{ preference: 1, exchange: 'mail.good.example' }], TXT: [`v=spf1 ip4:${OWN} -all`] },
  '25.2.0.192.in-addr.arpa': { PTR: ['mail.good.example'] },
  'mail.good.example': { A: [OWN] },
  '2.0.0.127.zen.spamhaus.org': { A: ['127.0.0.2'] },
  '2.0.0.127.bl.spamcop.net': { A: ['127.0.0.2'] },
};

const greeted: EvidencePorts['greetMailServer'] = async (domain) => ({
  kind: 'greeted',
  host: domain === 'gmail.com' ? 'gmail-smtp-in.l.google.com' : `mx.${domain}`,
  greeting: domain === 'gmail.com' ? 'mx.google.com ESMTP abc - gsmtp' : `mx.${domain} ESMTP`,
  hello: `mx.google.com at your service, [${OWN}]`,
});

async function ask(zone: Zone = good, ports: Partial<EvidencePorts> = {}, domains = ['gmail.com', 'host.example']) {
  const settings = { ...defaultSettings, route: ['direct'] };
  const question: SenderQuestion = {
    from: 'ada@good.example',
    settings,
    recipients: 2,
    providers: {},
    domains,
    newsletter: true,
    only: ['spfRecord', 'directHost', 'directPorts', 'blockList'],
  };
  const world = { ...silentPorts, dns: zoneDns(zone), greetMailServer: greeted, ...ports };
  const items = await askEvidence(question, world, new AbortController().signal);
  return (code: EvidenceCode) =>
    items.filter((item) => item.code === code).map(({ state, text }) => `${state}: ${format(text)}`);
}

test('a dedicated server passes everything', async () => {
  const said = await ask();
  for (const code of ['spfRecord', 'directHost', 'directPorts', 'blockList'] as const) {
    assert.ok(said(code).length > 0, code);
    assert.ok(
      said(code).every((line) => line.startsWith('passed')),
      said(code).join('\n'),
    );
  }
  assert.match(said('spfRecord').join(), /authorizes 192\.0\.2\.25/);
});

const ptr = '25.2.0.192.in-addr.arpa';
const failing: EvidencePorts['greetMailServer'] = async (domain) => ({
  kind: 'failed',
  host: `mx.${domain}`,
  detail: 'timeout',
});
const laptop = { greetMailServer: failing, ownAddresses: () => ['10.0.0.5'] };

const rows: [what: string, code: EvidenceCode, zone: Zone, said: RegExp, ports?: Partial<EvidencePorts>][] = [
  ['no PTR', 'directHost', { [ptr]: {} }, /^failed: .*no reverse DNS name/],
  [
    'a PTR that leads elsewhere',
    'directHost',
    { 'mail.good.example': { A: ['192.0.2.99'] } },
    /^failed: .*does not resolve back/,
  ],
  [
    'a generic name',
    'directHost',
    { [ptr]: { PTR: ['host-192-0-2-25.isp.example'] }, 'host-192-0-2-25.isp.example': { A: [OWN] } },
    /^failed: .*typical of home connections/,
  ],
  [
    'another EHLO name',
    'directHost',
    {},
    /^warned: .*set envoi\.direct\.hello to mail\.good\.example/,
    { hello: 'laptop' },
  ],
  [
    'an EHLO name that leads there',
    'directHost',
    { 'out.good.example': { A: [OWN] } },
    /^passed: .*good enough/,
    { hello: 'out.good.example' },
  ],
  ['no public address', 'directHost', {}, /^unasked: .*could not be determined/, laptop],
  [
    'an address of an interface',
    'directHost',
    {},
    /^passed/,
    { greetMailServer: failing, ownAddresses: () => ['10.0.0.5', OWN] },
  ],
  ['a name server in trouble', 'directHost', { [ptr]: { fail: 'SERVFAIL' } }, /^unasked/],

  [
    'port 25 closed',
    'directPorts',
    {},
    /failed: mx\.gmail\.com was not reached on port 25/,
    { greetMailServer: failing },
  ],
  [
    'somebody else answers',
    'directPorts',
    {},
    /failed: .*another server responds in place of gmail-smtp-in/,
    {
      greetMailServer: async (domain, signal) => ({
        ...(await greeted(domain, signal)),
        kind: 'greeted',
        greeting: 'proxy.isp.example ESMTP',
        hello: 'x',
        host: 'gmail-smtp-in.l.google.com',
      }),
    },
  ],
  [
    'no TCP for DNS',
    'directPorts',
    {},
    /warned: .*over TCP/,
    { reachDns: async (protocol) => (protocol === 'tcp' ? 'refused' : '') },
  ],
  ['no DNS at all', 'directPorts', {}, /unasked: No name server responded/, { reachDns: async () => 'timeout' }],

  [
    'a home address',
    'blockList',
    { '25.2.0.192.zen.spamhaus.org': { A: ['127.0.0.11'] } },
    /failed: .*home connection.*Use a relay/,
  ],
  [
    'a listed address',
    'blockList',
    { '25.2.0.192.zen.spamhaus.org': { A: ['127.0.0.2', '127.0.0.10'] } },
    /failed: 192\.0\.2\.25 is on Spamhaus ZEN/,
  ],
  [
    '“you may not ask”',
    'blockList',
    { '25.2.0.192.zen.spamhaus.org': { A: ['127.255.255.254'] } },
    /unasked: Spamhaus ZEN could not be checked/,
  ],
  [
    'a resolver the list does not answer',
    'blockList',
    { '2.0.0.127.zen.spamhaus.org': undefined as never },
    /unasked: Spamhaus ZEN could not be checked/,
  ],
  [
    'a resolver that answers anything',
    'blockList',
    { '1.0.0.127.bl.spamcop.net': { A: ['198.51.100.1'] } },
    /unasked: SpamCop could not be checked/,
  ],

  [
    'SPF does not let it send',
    'spfRecord',
    { 'good.example': { TXT: ['v=spf1 mx:other.example -all'] } },
    /failed: It does not authorize 192\.0\.2\.25/,
  ],
  ['SPF, address not known', 'spfRecord', {}, /unasked: .*public address is unknown/, laptop],
];

describe('problems of direct delivery are reported before it fails', () => {
  for (const [what, code, zone, said, ports] of rows)
    it(`${code}: ${what}`, async () => {
      const changed: Zone = { ...good, ...zone };
      for (const [name, entry] of Object.entries(changed)) if (entry === undefined) delete changed[name];
      const lines = (await ask(changed, ports))(code);
      assert.ok(
        lines.some((line) => said.test(line)),
        lines.join('\n'),
      );
    });

  it('is not checked where no mail goes directly', async () => {
    const asked: string[] = [];
    const settings = { ...defaultSettings, route: [] };
    const question = {
      from: 'ada@good.example',
      settings,
      recipients: 1,
      providers: {},
      domains: ['gmail.com'],
      newsletter: true,
      only: [],
    };
    const greet: EvidencePorts['greetMailServer'] = async (domain) => {
      asked.push(domain);
      return { kind: 'failed', host: domain, detail: '' };
    };
    await askEvidence(
      question,
      { ...silentPorts, dns: zoneDns(good), greetMailServer: greet },
      new AbortController().signal,
    );
    assert.deepEqual(asked, []);
  });

  it('greets three servers at most', async () => {
    const lines = (await ask(good, {}, ['a.example', 'b.example', 'c.example', 'd.example']))('directPorts');
    assert.equal(lines.filter((line) => /responds on port 25/.test(line)).length, 3);
  });
});

test('names of home connections are told from those of servers', () => {
  for (const name of [
    '192-0-2-25.dsl.isp.example',
    'ip-25.2.0.192.isp.example',
    'abo-1.example',
    'pool7.isp.example',
    'c192000002025.isp.example',
    'static-192-0-2-25.example',
  ])
    assert.equal(isGeneric(name, OWN), name !== 'c192000002025.isp.example', name);
  for (const name of ['mail.good.example', 'mx25.good.example', 'vps-2.host.example', 'news.dslam-makers.example'])
    assert.equal(isGeneric(name, OWN), false, name);
});

test('the address is taken from replies to EHLO, and from nothing else', () => {
  assert.deepEqual(addressesIn('mx.google.com at your service, [192.0.2.1]'), ['192.0.2.1']);
  assert.deepEqual(addressesIn('host Hello me [IPv6:2001:db8::1], pleased to meet you'), ['2001:db8::1']);
  assert.deepEqual(addressesIn('Hello 192.0.2.7, nice to meet you'), ['192.0.2.7']);
  assert.deepEqual(addressesIn('version 1.2.3.4.5 at 10:20'), []);
});
