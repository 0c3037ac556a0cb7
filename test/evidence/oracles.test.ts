import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { authenticate } from 'mailauth';
import { spf } from 'mailauth/lib/spf/index.js';
import { createComposer } from '../../src/compose/index.ts';
import { askEvidence } from '../../src/evidence/index.ts';
import { checkHost } from '../../src/evidence/spf/checkHost.ts';
import { defaultServer, defaultSettings } from '../../src/shared/defaultSettings.ts';
import type { Settings } from '../../src/shared/settings.ts';
import type { Zone } from '../support/dnsServer.ts';
import { someNewsletter } from './someNewsletter.ts';
import { silentPorts, zoneDns } from './zoneDns.ts';

interface SpfCase {
  ip: string;
  sender: string;
  helo: string;
  zone: Record<string, { TXT: string[]; A: string[]; AAAA: string[]; MX: [number, string][] }>;
  /** What pyspf says: scripts/oracles. */
  expected: string;
}

const cases = readFileSync(new URL('../fixtures/evidence/spfCases.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as SpfCase);

const zoneOf = ({ zone }: SpfCase): Zone =>
  Object.fromEntries(
    Object.entries(zone).map(([name, { MX, ...others }]) => [
      name,
      { ...others, MX: MX.map(([preference, exchange]) => ({ preference, exchange })) },
    ]),
  );

/** The zone as mailauth asks: like `dns.promises.resolve`. */
const mailauthResolver = (zone: Zone) => async (name: string, type: string) => {
  const entry = zone[name.toLowerCase()];
  const records = (entry?.[type as 'A'] ?? []) as readonly unknown[];
  if (records.length === 0) throw Object.assign(new Error(name), { code: entry ? 'ENODATA' : 'ENOTFOUND' });
  const answer: readonly unknown[] =
    type === 'TXT'
      ? records.map((text) => [text])
      : type === 'MX'
        ? (entry?.MX ?? []).map(({ preference, exchange }) => ({ priority: preference, exchange }))
        : records;
  // Its types know of texts alone.
  return [...answer] as string[];
};

test('SPF agrees with pyspf, and where mailauth differs pyspf is on our side', async () => {
  const differing: string[] = [];
  for (const [at, each] of cases.entries()) {
    const { ip, sender, helo, expected, zone } = each;
    const domain = sender.slice(sender.indexOf('@') + 1);
    const ours = await checkHost({ ip, sender, helo }, domain, zoneDns(zoneOf(each)));
    // pyspf calls a record void that includes itself, even where it is never come to (RFC 7208, 4.6.2 goes from left to right).
    const itself = Object.entries(zone).some(([name, { TXT }]) => TXT.some((text) => text.includes(`include:${name}`)));
    const resolver = mailauthResolver(zoneOf(each));
    const theirs = (await spf({ ip, sender, helo, mta: 'mx.example', resolver })).status.result;
    if (ours !== expected && !(itself && ours === theirs)) differing.push(`${at}: ${ours}, pyspf ${expected}`);
    if (ours !== theirs && ours !== expected) differing.push(`${at}: ${ours}, mailauth ${theirs}`);
  }
  assert.deepEqual(differing, []);
  assert.equal(cases.length, 300);
});

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const IP = '192.0.2.25';

const good: Zone = {
  'good.example': { MX: [{ preference: 10, exchange: 'mx.good.example' }], TXT: [`v=spf1 ip4:${IP} ~all`] },
  's._domainkey.good.example': { TXT: [`v=DKIM1; k=rsa; p=${p}`] },
  '_dmarc.good.example': { TXT: ['v=DMARC1; p=reject'] },
  'bounces.example': { TXT: [`v=spf1 ip4:${IP} -all`] },
};

/** Zones that differ in one thing, and the settings that send. Of strict alignment mailauth is no judge: it falls back to relaxed. */
const senders: [what: string, zone: Zone, settings?: Partial<Settings>, from?: string][] = [
  ['a good sender', {}],
  ['no key in DNS', { 's._domainkey.good.example': {} }],
  ['a revoked key', { 's._domainkey.good.example': { TXT: ['v=DKIM1; p='] } }],
  ['another key', { 's._domainkey.good.example': { TXT: [`v=DKIM1; p=${p.replace('A', 'B')}`] } }],
  ['a key and no SPF', { 'good.example': { TXT: ['v=spf1 -all'] } }],
  ['neither', { 'good.example': { TXT: ['v=spf1 -all'] }, 's._domainkey.good.example': {} }],
  [
    'two SPF records and no key',
    { 'good.example': { TXT: ['v=spf1 +all', 'v=spf1 mx -all'] }, 's._domainkey.good.example': {} },
  ],
  [
    'an envelope elsewhere and no key',
    { 's._domainkey.good.example': {} },
    { direct: { ...defaultSettings.direct, returnPath: 'b@bounces.example' } },
  ],
  ['a subdomain with the parent’s key', {}, {}, 'ada@news.good.example'],
];

for (const [what, changes, more = {}, from = 'ada@good.example'] of senders) {
  test(`the predicted result is that of mailauth: ${what}`, async () => {
    const zone: Zone = { ...good, ...changes };
    const settings: Settings = {
      ...defaultSettings,
      servers: { unused: { ...defaultServer, host: 'smtp.example.org' } },
      route: ['direct'],
      dkim: { 'good.example': { selector: 's', privateKeyFile: 'k.pem' } },
      ...more,
    };
    const question = { from, settings, recipients: 1, providers: {}, domains: [], newsletter: true, only: [] };
    const world = { ...silentPorts, dns: zoneDns(zone), readKey: async () => pem, ownAddresses: () => [IP] };
    const items = await askEvidence(question, world, new AbortController().signal);
    const predicted = items.find(({ code }) => code === 'dmarcResult')?.state;
    const newsletter = await someNewsletter(from);
    const stamp = { campaign: 'c', date: Date.now(), key: new Uint8Array(32) };
    const key = { domain: 'good.example', selector: 's', privateKey: pem };
    const composer = await createComposer(newsletter, async () => new Uint8Array(), stamp, key);
    const { bytes } = await composer.compose({ line: 1, address: 'ann@reader.example', fields: {} });
    const envelope = {
      ip: IP,
      helo: 'mail.good.example',
      sender: settings.direct.returnPath || from,
      mta: 'mx.example',
    };
    const { dmarc } = await authenticate(Buffer.from(bytes), { ...envelope, resolver: mailauthResolver(zone) });
    const theirs = dmarc && typeof dmarc === 'object' ? dmarc.status.result : 'none';
    assert.equal(
      predicted === 'failed' ? 'fail' : 'pass',
      theirs,
      JSON.stringify(items.map(({ code, state }) => [code, state])),
    );
  });
}
