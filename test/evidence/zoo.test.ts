import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it, test } from 'node:test';
import { askEvidence, type EvidencePorts } from '../../src/evidence/index.ts';
import { defaultServer, defaultSettings } from '../../src/shared/defaultSettings.ts';
import { format } from '../../src/shared/errors.ts';
import type { EvidenceItem, SenderQuestion } from '../../src/shared/evidence.ts';
import type { Settings } from '../../src/shared/settings.ts';
import type { Zone } from '../support/dnsServer.ts';
import { silentPorts, zoneDns } from './zoneDns.ts';

const pair = (bits: number) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return {
    pem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    p: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    bare: publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
  };
};
const ours = pair(2048);
const small = pair(1024);
const tiny = pair(512);
const other = pair(2048);
const curve = (() => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    pem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    p: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
  };
})();
const files: Record<string, string> = {
  ours: ours.pem,
  small: small.pem,
  tiny: tiny.pem,
  curve: curve.pem,
  none: 'no key',
};

const relay = (host: string, more: object = {}) => ({ ...defaultServer, host, dkim: 'own' as const, ...more });
const key = (file: string, domain = 'good.example') => ({ [domain]: { selector: 's', privateKeyFile: file } });

/** A sender without a fault; each animal of the zoo differs in one thing. */
const good: Zone = {
  'good.example': {
    MX: [{ preference: 10, exchange: 'mx.good.example' }],
    TXT: ['v=spf1 include:_spf.google.com ~all'],
  },
  '_spf.google.com': { TXT: ['v=spf1 ip4:192.0.2.0/24 ~all'] },
  's._domainkey.good.example': { TXT: [`v=DKIM1; k=rsa; p=${ours.p}`] },
  '_dmarc.good.example': { TXT: ['v=DMARC1; p=reject; rua=mailto:d@good.example'] },
};

async function ask(
  zone: Zone,
  changes: Partial<Settings> = {},
  from = 'ada@good.example',
  ports: Partial<EvidencePorts> = {},
) {
  const settings: Settings = {
    ...defaultSettings,
    servers: { office: relay('smtp.gmail.com') },
    route: ['office'],
    dkim: key('ours'),
    ...changes,
  };
  const question: SenderQuestion = {
    from,
    settings,
    recipients: 1,
    providers: {},
    domains: [],
    newsletter: true,
    only: [],
  };
  const world = {
    ...silentPorts,
    dns: zoneDns(zone),
    readKey: async (file: string) => files[file] ?? Promise.reject(new Error(file)),
    ...ports,
  };
  return askEvidence(question, world, new AbortController().signal);
}

const named = (items: readonly EvidenceItem[], code: string) =>
  items.filter((item) => item.code === code).map(({ state, text }) => `${state}: ${format(text)}`);

test('a good sender passes everything', async () => {
  const items = await ask(good);
  assert.deepEqual(
    items.filter(({ state }) => state !== 'passed').map(({ code, text }) => `${code} ${format(text)}`),
    [],
  );
  for (const code of ['senderDomain', 'spfRecord', 'dkimRecord', 'dmarcRecord', 'dmarcResult'])
    assert.ok(named(items, code).length > 0, code);
});

type Row = [
  what: string,
  code: EvidenceItem['code'],
  zone: Zone,
  said: RegExp,
  settings?: Partial<Settings>,
  from?: string,
];

const txt = (...TXT: string[]) => ({ TXT });
const domain = (TXT: string[], more: object = {}) => ({ 'good.example': { ...good['good.example'], TXT, ...more } });
const many = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => `include:i${from + n}.example`).join(' ');
const includes = (count: number): Zone =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`i${n}.example`, txt('v=spf1 ip4:192.0.2.1 -all')]));

const zoo: Row[] = [
  ['no such domain', 'senderDomain', { 'good.example': undefined as never }, /^failed: The domain \S+ does not exist/],
  ['a null MX', 'senderDomain', { 'good.example': { MX: [{ preference: 0, exchange: '' }] } }, /^failed: .*null MX/],
  ['an address alone', 'senderDomain', { 'good.example': { A: ['192.0.2.1'] } }, /^warned: .*no MX record/],
  ['neither', 'senderDomain', { 'good.example': {} }, /^failed: .*neither a mail server nor an address/],
  [
    'a name server in trouble',
    'senderDomain',
    { 'good.example': { fail: 'SERVFAIL' } },
    /^unasked: .*could not be checked/,
  ],

  ['no SPF', 'spfRecord', domain(['hello']), /^failed: .*no SPF record/],
  ['two records', 'spfRecord', domain(['v=spf1 -all', 'v=spf1 mx -all']), /^failed: .*several SPF records/],
  [
    'a typo',
    'spfRecord',
    domain(['v=spf1 includes:_spf.google.com -all']),
    /^failed: .*error at “includes:_spf\.google\.com”/,
  ],
  [
    'eleven lookups',
    'spfRecord',
    { ...domain([`v=spf1 include:_spf.google.com ${many(0, 10)} -all`]), ...includes(10) },
    /^failed: .*needs 11 DNS lookups/,
  ],
  [
    'ten lookups',
    'spfRecord',
    { ...domain([`v=spf1 include:_spf.google.com ${many(0, 9)} -all`]), ...includes(9) },
    /^passed: .*10 lookups \(limit 10\)/,
  ],
  [
    'an include without a record',
    'spfRecord',
    domain(['v=spf1 include:gone.example -all']),
    /^failed: .*“include:gone\.example” leads to a domain without/,
  ],
  [
    'a fault below',
    'spfRecord',
    { ...domain(['v=spf1 include:a.example -all']), 'a.example': txt('v=spf1 foo -all') },
    /^failed: .*error at “foo”/,
  ],
  [
    'three voids',
    'spfRecord',
    domain(['v=spf1 include:_spf.google.com a:x.example a:y.example mx:z.example -all']),
    /^warned: .*x\.example, y\.example, z\.example/,
  ],
  ['everybody', 'spfRecord', domain(['v=spf1 include:_spf.google.com +all']), /^failed: .*\+all/],
  ['no end', 'spfRecord', domain(['v=spf1 include:_spf.google.com']), /^warned: .*does not cover other servers/],
  ['a redirect', 'spfRecord', domain(['v=spf1 redirect=_spf.google.com']), /^passed: .*1 lookup \(limit 10\)/],
  ['a circle', 'spfRecord', domain(['v=spf1 include:good.example -all']), /^failed: .*DNS lookups/],
  [
    'another provider',
    'spfRecord',
    domain(['v=spf1 ip4:192.0.2.1 -all']),
    /failed: It does not include the servers of Gmail/,
  ],
  [
    'an unknown relay',
    'spfRecord',
    {},
    /unasked: .*addresses \S+ sends from are unknown/,
    { servers: { office: relay('mail.unknown.example') } },
  ],
  [
    'split strings',
    'spfRecord',
    domain([`v=spf1 include:_spf.google.com ${'ip4:192.0.2.1 '.repeat(30)}~all`]),
    /^passed/,
  ],

  ['no key', 'dkimRecord', { 's._domainkey.good.example': undefined as never }, /^failed: .*not in DNS yet/],
  [
    'another key',
    'dkimRecord',
    { 's._domainkey.good.example': txt(`v=DKIM1; p=${other.p}`) },
    /^failed: .*is not yours/,
  ],
  ['a revoked key', 'dkimRecord', { 's._domainkey.good.example': txt('v=DKIM1; p=') }, /^failed: .*revoked/],
  [
    'a key in testing',
    'dkimRecord',
    { 's._domainkey.good.example': txt(`v=DKIM1; t=y; p=${ours.p}`) },
    /^warned: .*t=y/,
  ],
  [
    'a key behind a CNAME',
    'dkimRecord',
    { 's._domainkey.good.example': { CNAME: 's.keys.example' }, 's.keys.example': txt(`v=DKIM1; p=${ours.p}`) },
    /^passed/,
  ],
  ['a bare RSA key', 'dkimRecord', { 's._domainkey.good.example': txt(`v=DKIM1; p=${ours.bare}`) }, /^passed/],
  [
    'spaces within',
    'dkimRecord',
    { 's._domainkey.good.example': txt(`v=DKIM1; k=rsa; p=${ours.p.replace(/.{60}/g, '$& ')}`) },
    /^passed/,
  ],
  [
    '1024 bits',
    'dkimRecord',
    { 's._domainkey.good.example': txt(`v=DKIM1; p=${small.p}`) },
    /^warned: .*2048 are recommended/,
    { dkim: key('small') },
  ],
  [
    '512 bits',
    'dkimRecord',
    { 's._domainkey.good.example': txt(`v=DKIM1; p=${tiny.p}`) },
    /^failed: .*ignore keys with fewer than 1024/,
    { dkim: key('tiny') },
  ],
  [
    'Ed25519 alone',
    'dkimRecord',
    { 's._domainkey.good.example': txt(`v=DKIM1; k=ed25519; p=${curve.p}`) },
    /^warned: .*Ed25519/,
    { dkim: key('curve') },
  ],
  ['sha1 only', 'dkimRecord', { 's._domainkey.good.example': txt(`v=DKIM1; h=sha1; p=${ours.p}`) }, /^failed: .*“h”/],
  [
    'two keys',
    'dkimRecord',
    { 's._domainkey.good.example': txt(`v=DKIM1; p=${ours.p}`, 'v=DKIM1; p=') },
    /^failed: .*several records/,
  ],
  ['a file that is no key', 'dkimRecord', {}, /^failed: .*no RSA or Ed25519/, { dkim: key('none') }],
  ['no file', 'dkimRecord', {}, /^failed: .*cannot be read/, { dkim: key('missing') }],
  [
    'nobody signs',
    'dkimRecord',
    {},
    /^failed: As far as Envoi knows, mail from .* is not signed/,
    { dkim: {}, servers: { office: relay('mail.unknown.example') } },
  ],
  [
    'the provider signs',
    'dkimRecord',
    { 'google._domainkey.good.example': txt(`v=DKIM1; p=${other.p}`) },
    /^passed: Gmail has its key/,
    { dkim: {} },
  ],
  ['the provider has no key', 'dkimRecord', {}, /^warned: Gmail has no key/, { dkim: {} }],

  ['no DMARC', 'dmarcRecord', { '_dmarc.good.example': undefined as never }, /^failed: .*no DMARC record/],
  [
    'two policies',
    'dmarcRecord',
    { '_dmarc.good.example': txt('v=DMARC1; p=none', 'v=DMARC1; p=reject') },
    /failed: .*several DMARC records/,
  ],
  ['a broken policy', 'dmarcRecord', { '_dmarc.good.example': txt('v=DMARC1; p=nothing') }, /failed: .*is not valid/],
  ['a wrong value', 'dmarcRecord', { '_dmarc.good.example': txt('v=DMARC1; p=none; sp=maybe') }, /^warned: .*“sp”/],
  [
    'reports elsewhere',
    'dmarcRecord',
    { '_dmarc.good.example': txt('v=DMARC1; p=none; rua=mailto:r@reports.example') },
    /warned: Reports to reports\.example are not sent/,
  ],
  [
    'reports elsewhere, allowed',
    'dmarcRecord',
    {
      '_dmarc.good.example': txt('v=DMARC1; p=none; rua=mailto:r@reports.example'),
      'good.example._report._dmarc.reports.example': txt('v=DMARC1'),
    },
    /^passed: [^;]*$/,
  ],
  [
    'the parent’s policy',
    'dmarcRecord',
    { '_dmarc.good.example': txt('v=DMARC1; p=reject; sp=quarantine') },
    /^passed: .*news\.good\.example is “quarantine” \(sp at _dmarc\.good\.example\)/,
    { dkim: key('ours') },
    'ada@news.good.example',
  ],
  [
    'np for what is not there',
    'dmarcRecord',
    { '_dmarc.good.example': txt('v=DMARC1; p=none; sp=none; np=reject') },
    /is “reject” \(np at/,
    {},
    'ada@nowhere.good.example',
  ],

  [
    'aligned by the parent’s key',
    'dmarcResult',
    {},
    /^passed: DMARC passes via “office”: the DKIM/,
    {},
    'ada@news.good.example',
  ],
  [
    'a strict policy and the parent’s key',
    'dmarcResult',
    { '_dmarc.good.example': txt('v=DMARC1; p=none; adkim=s; aspf=s') },
    /^failed: .*neither a DKIM/,
    { servers: { office: relay('smtp.gmail.com', { returnPath: 'b@good.example' }) } },
    'ada@news.good.example',
  ],
  ['SPF alone', 'dmarcResult', {}, /^warned: .*SPF alone/, { dkim: {} }],
  [
    'an envelope elsewhere',
    'dmarcResult',
    { 'bounces.example': txt('v=spf1 include:_spf.google.com -all') },
    /^failed: .*neither/,
    { dkim: {}, servers: { office: relay('smtp.gmail.com', { returnPath: 'b@bounces.example' }) } },
  ],
  ['neither', 'dmarcResult', domain(['v=spf1 -all']), /^failed: .*neither/, { dkim: {} }],
  ['cannot be told', 'dmarcResult', {}, /^unasked/, { dkim: {}, servers: { office: relay('mail.unknown.example') } }],
  [
    'an envelope of the provider’s own',
    'dmarcResult',
    {},
    /^failed: .*neither/,
    { dkim: {}, servers: { office: relay('in-v3.mailjet.com') } },
  ],
];

describe('a zoo of good and bad senders', () => {
  for (const [what, code, zone, said, settings, from] of zoo) {
    it(`${code}: ${what}`, async () => {
      const changed: Zone = { ...good, ...zone };
      for (const [name, entry] of Object.entries(changed)) if (entry === undefined) delete changed[name];
      const found = named(await ask(changed, settings, from), code);
      assert.ok(
        found.some((line) => said.test(line)),
        found.join('\n'),
      );
    });
  }
});

describe('hostile zones', () => {
  it('are asked a limited number of questions, whatever they include', async () => {
    const zone: Zone = { ...good, ...domain([`v=spf1 ${many(0, 200)} -all`]) };
    for (let n = 0; n < 200; n++) zone[`i${n}.example`] = txt(`v=spf1 ${many(0, 200)} -all`);
    const dns = zoneDns(zone);
    const items = await ask(zone, {}, 'ada@good.example', { dns });
    assert.match(named(items, 'spfRecord').join(), /failed: .*DNS lookups/);
    assert.ok(dns.count < 200, `${dns.count} questions`);
  });

  it('cannot prolong the tree walk, nor return an unlimited answer', async () => {
    const deep = `${'a.'.repeat(60)}good.example`;
    const dns = zoneDns({ ...good, [`_dmarc.${deep}`]: txt('x'.repeat(60_000)) });
    const items = await ask({}, {}, `ada@${deep}`, { dns });
    assert.ok(dns.names.filter((name) => name.includes(' _dmarc.')).length <= 8, dns.names.join('\n'));
    for (const { found } of items) assert.ok(found.length <= 1_000);
  });

  it('a record of strange bytes is shown shortened, and nothing breaks', async () => {
    const strange = `v=spf1 ${'\u0000\u001b[31m%{'.repeat(2_000)}`;
    const items = await ask({ ...good, ...domain([strange]) });
    assert.match(named(items, 'spfRecord').join(), /failed: .*has an error at/);
  });
});

test('what does not answer in time is reported as not checked', async () => {
  const stop = new AbortController();
  const dns = { query: () => new Promise<never>(() => {}) };
  const settings = { ...defaultSettings, servers: { office: relay('smtp.gmail.com') }, route: ['office'] };
  const question = {
    from: 'ada@good.example',
    settings,
    recipients: 1,
    providers: {},
    domains: [],
    newsletter: true,
    only: [],
  };
  const asked = askEvidence(question, { ...silentPorts, dns, readKey: async () => ours.pem }, stop.signal);
  stop.abort();
  const items = await asked;
  assert.ok(items.length >= 3);
  for (const { code, state } of items.filter(({ code }) => code !== 'dmarcResult'))
    assert.equal(state, 'unasked', code);
});
