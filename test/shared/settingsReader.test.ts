import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { test } from 'node:test';
import { providerIds } from '../../src/providers/lookup.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { format, UserError } from '../../src/shared/errors.ts';
import { readSettings, readSettingsFile } from '../../src/shared/settingsReader.ts';

const where = { file: 'settings.json', baseDir: '/home/ada/letters', providers: providerIds };
const read = (raw: Record<string, unknown>) => readSettings(raw, where);
const office = { host: 'smtp.example.org', user: 'ada' };
const servers = { office };

test('no settings are the defaults; settings of others are passed over', () => {
  assert.deepEqual(read({ 'editor.fontSize': 12 }), {
    settings: { ...defaultSettings, directAssumed: true },
    findings: [],
  });
});

test('what every object has is no server', () => {
  for (const name of ['constructor', 'toString', '__proto__']) {
    const { settings, findings } = read({
      'envoi.servers': { office, [name]: office },
      'envoi.route': ['office', [name, 'direct'], name],
      'envoi.domainRoutes': { 'gmail.com': [[name]] },
    });
    assert.deepEqual(settings.route, ['office', ['direct']]);
    assert.deepEqual(settings.domainRoutes, { 'gmail.com': [] });
    assert.ok(findings.some(({ severity }) => severity === 'error'));
  }
});

test('that mail goes directly is a choice where a route or a server is set', () => {
  const assumed = (raw: Record<string, unknown>) => read(raw).settings.directAssumed === true;
  assert.equal(assumed({ 'envoi.route': [] }), true);
  assert.equal(assumed({ 'envoi.route': ['direct'] }), false);
  assert.equal(assumed({ 'envoi.servers': { office }, 'envoi.route': [] }), false);
  assert.equal(assumed({ 'envoi.servers': { office }, 'envoi.route': ['office', 'direct'] }), false);
});

test('a full set of settings is read into plain values', () => {
  const { settings, findings } = read({
    'envoi.from': 'Ada Byron <ada@example.org>',
    'envoi.servers': {
      office: {
        ...office,
        rate: '10/second',
        quota: ['500/hour', '2000/day'],
        pause: { every: 50, for: '30s' },
        caFile: '~/ca.pem',
      },
      tls: { host: '127.0.0.1', security: 'tls' },
    },
    'envoi.route': ['office', 'direct'],
    'envoi.domainRoutes': {
      'GMail.com': ['office'],
      '*.example.net': ['direct'],
      Google: ['office'],
      'mx:Mail.Example': ['direct'],
    },
    'envoi.direct': { hello: 'mail.example.org', maxConnections: 7 },
    'envoi.dkim': { 'Example.org': { selector: 'envoi', privateKeyFile: 'keys/dkim.pem' } },
    'envoi.retry': { for: '36h' },
    'envoi.unsubscribe': { mailto: 'mailto:leave@example.org', url: 'https://example.org/leave?t={{ token }}' },
    'envoi.sendingHours': { days: ['Monday'], from: '9:00', to: '17:30', zone: 'Europe/Paris' },
    'envoi.checks': { imageAlt: 'off' },
  });
  assert.deepEqual(findings, []);
  assert.deepEqual(settings.servers.office, {
    host: 'smtp.example.org',
    port: 587,
    security: 'starttls',
    user: 'ada',
    auth: 'password',
    maxConnections: 2,
    maxMessagesPerConnection: 100,
    windows: [
      { count: 10, perMs: 1000 },
      { count: 500, perMs: 3_600_000 },
      { count: 2000, perMs: 86_400_000 },
    ],
    pause: { every: 50, forMs: 30_000 },
    caFile: `${homedir()}/ca.pem`,
    dkim: 'auto',
    returnPath: '',
    headers: {},
  });
  assert.equal(settings.servers.tls?.port, 465);
  assert.equal(settings.servers.tls?.auth, 'none');
  assert.deepEqual(settings.domainRoutes, {
    'gmail.com': ['office'],
    '*.example.net': ['direct'],
    google: ['office'],
    'mx:mail.example': ['direct'],
  });
  assert.deepEqual(settings.direct, { ...defaultSettings.direct, hello: 'mail.example.org', maxConnections: 7 });
  assert.deepEqual(settings.dkim, {
    'example.org': { selector: 'envoi', privateKeyFile: '/home/ada/letters/keys/dkim.pem' },
  });
  assert.equal(settings.retry.forMs, 36 * 3_600_000);
  assert.equal(settings.unsubscribe.mailto, 'leave@example.org');
  assert.deepEqual(settings.sendingHours, { days: [1], fromMinute: 540, toMinute: 1050, zone: 'Europe/Paris' });
  assert.deepEqual(settings.checks, { imageAlt: 'off' });
});

test('without a route the first server is taken, and direct when there is none', () => {
  assert.deepEqual(read({ 'envoi.servers': servers }).settings.route, ['office']);
  assert.deepEqual(read({ 'envoi.servers': servers, 'envoi.route': [] }).settings.route, ['office']);
  assert.deepEqual(read({}).settings.route, ['direct']);
});

test('dotted keys go into the setting they belong to', () => {
  const { settings, findings } = read({
    'envoi.direct.port': 2525,
    'envoi.direct': { hello: 'mail.example.org' },
    'envoi.servers.office': office,
    'envoi.servers.office.port': 2587,
    'envoi.oauth.google.clientId': 'id',
    'envoi.dkim.example.org': { selector: 's', privateKeyFile: '/k.pem' },
  });
  assert.deepEqual(findings, []);
  assert.equal(settings.direct.port, 2525);
  assert.equal(settings.direct.hello, 'mail.example.org');
  assert.equal(settings.servers.office?.port, 2587);
  assert.equal(settings.dkim['example.org']?.selector, 's');
});

const wrong: [raw: Record<string, unknown>, code: string, key: string, words: RegExp][] = [
  [{ 'envoi.from': 'Ada' }, 'wrongValue', 'envoi.from', /an address such as Ada Byron/],
  [{ 'envoi.from': 7 }, 'wrongValue', 'envoi.from', /expected a string\.$/],
  [
    { 'envoi.from': 'ada@example.org\r\nBcc: eve@example.org' },
    'wrongValue',
    'envoi.from',
    /without control characters/,
  ],
  [{ 'envoi.frm': 'a@b.example' }, 'unknownSetting', 'envoi.frm', /Did you mean envoi\.from/],
  [{ 'envoi.preview.images': true }, 'unknownSetting', 'envoi.preview.images', /not an Envoi setting/],
  [{ 'envoi.servers': { office: { ...office, prot: 1 } } }, 'unknownSetting', 'envoi.servers.office.prot', /port/],
  [
    { 'envoi.servers': { office: { ...office, port: 70000 } } },
    'wrongValue',
    'envoi.servers.office.port',
    /1 to 65535/,
  ],
  [{ 'envoi.servers': { office: { ...office, port: '587' } } }, 'wrongValue', 'envoi.servers.office.port', /"587"/],
  [
    { 'envoi.servers': { office: { ...office, security: 'ssl' } } },
    'wrongValue',
    'envoi.servers.office.security',
    /"tls", "starttls", "none"/,
  ],
  [{ 'envoi.servers': { office: { user: 'ada' } } }, 'wrongValue', 'envoi.servers.office.host', /host name/],
  [
    { 'envoi.servers': { office: { host: 'h.example', auth: 'oauth2' } } },
    'wrongValue',
    'envoi.servers.office.user',
    /auth is "oauth2"/,
  ],
  [{ 'envoi.servers': { direct: office } }, 'wrongValue', 'envoi.servers.direct', /other than "direct"/],
  [{ 'envoi.servers': ['office'] }, 'wrongValue', 'envoi.servers', /an object/],
  [
    { 'envoi.servers': { office: { ...office, password: 'hunter2' } } },
    'passwordInSettings',
    'envoi.servers.office.password',
    /Set Password/,
  ],
  [
    { 'envoi.servers': { office: { ...office, security: 'none' } } },
    'secretInClear',
    'envoi.servers.office.security',
    /in the clear/,
  ],
  [
    { 'envoi.servers': { office: { ...office, rate: '10/week' } } },
    'wrongValue',
    'envoi.servers.office.rate',
    /500\/hour/,
  ],
  [
    { 'envoi.servers': { office: { ...office, pause: { every: 5 } } } },
    'wrongValue',
    'envoi.servers.office.pause.for',
    /a duration/,
  ],
  [
    { 'envoi.servers': servers, 'envoi.route': ['ofice'] },
    'unknownServer',
    'envoi.route.0',
    /Known servers: office, direct/,
  ],
  [{ 'envoi.domainRoutes': { 'a.example': ['x'] } }, 'unknownServer', 'envoi.domainRoutes.a.example.0', /“x”/],
  [
    { 'envoi.domainRoutes': { goggle: ['direct'] } },
    'wrongValue',
    'envoi.domainRoutes.goggle',
    /a domain or a mail provider/,
  ],
  [{ 'envoi.whenQuotaReached': 'stop' }, 'wrongValue', 'envoi.whenQuotaReached', /"next", "wait"/],
  [{ 'envoi.direct': { port: 0 } }, 'wrongValue', 'envoi.direct.port', /1 to 65535/],
  [{ 'envoi.direct': { hello: 'laptop' } }, 'wrongValue', 'envoi.direct.hello', /full host name/],
  [{ 'envoi.retry': { for: '9d' } }, 'wrongValue', 'envoi.retry.for', /five days/],
  [{ 'envoi.unsubscribe': { url: 'http://x.example/' } }, 'wrongValue', 'envoi.unsubscribe.url', /https/],
  [{ 'envoi.listId': 'my list' }, 'wrongValue', 'envoi.listId', /news\.example\.org/],
  [{ 'envoi.testRecipients': ['ada@example.org', 'bob'] }, 'wrongValue', 'envoi.testRecipients.1', /an address/],
  [{ 'envoi.sendingHours': { from: '25:00' } }, 'wrongValue', 'envoi.sendingHours.from', /time of day/],
  [{ 'envoi.sendingHours': { from: '10:00', to: '9:00' } }, 'wrongValue', 'envoi.sendingHours.to', /after “from”/],
  [{ 'envoi.sendingHours': { zone: 'Mars/Base' } }, 'wrongValue', 'envoi.sendingHours.zone', /time zone/],
  [
    { 'envoi.dkim': { 'example.org': { selector: 's' } } },
    'wrongValue',
    'envoi.dkim.example.org.privateKeyFile',
    /PEM/,
  ],
  [{ 'envoi.checks': { imageAlt: 'no' } }, 'wrongValue', 'envoi.checks.imageAlt', /"off"/],
  [{ 'envoi.checks': { imagAlt: 'off' } }, 'unknownSetting', 'envoi.checks.imagAlt', /imageAlt/],
];

test('what is wrong is one finding that names the key and what is allowed', () => {
  for (const [raw, code, key, words] of wrong) {
    const { findings } = read(raw);
    const [finding] = findings;
    assert.equal(findings.length, 1, JSON.stringify(findings));
    assert.equal(finding?.code, code, key);
    assert.equal(finding?.severity, 'error');
    assert.equal(finding?.place.key, key);
    assert.match(format(finding?.text ?? { template: '', args: [] }), words, key);
  }
});

test('a password in the settings is never repeated in the finding', () => {
  const { settings, findings } = read({ 'envoi.servers': { office: { ...office, password: 'hunter2' } } });
  assert.doesNotMatch(JSON.stringify([settings, findings]), /hunter2/);
});

test('a password may go in the clear to this very machine only', () => {
  for (const host of ['localhost', '127.0.0.1', '::1'])
    assert.deepEqual(read({ 'envoi.servers': { a: { host, user: 'x', security: 'none' } } }).findings, [], host);
  for (const host of ['10.0.0.1', 'mail.example.org', 'localhost.example.org'])
    assert.equal(read({ 'envoi.servers': { a: { host, user: 'x', security: 'none' } } }).findings.length, 1, host);
});

test('names from the outside cannot reach into prototypes', () => {
  const { settings } = read({ 'envoi.servers': JSON.parse('{"__proto__": {"host": "x.example"}, "constructor": {}}') });
  assert.equal(({} as Record<string, unknown>).host, undefined);
  assert.equal(Object.getPrototypeOf(settings.servers), Object.prototype);
  assert.equal(read({ 'envoi.route': ['constructor'] }).findings[0]?.code, 'unknownServer');
});

test('a settings file may hold comments, and findings have their line in it', () => {
  const text = `// mine
{
  "editor.tabSize": 2, /* not ours */
  "envoi.servers": {
    "office": {
      "host": "smtp.example.org",
      "port": 99999,
    },
  },
  "envoi.route": [
    "office",
    "ofice"
  ],
}
`;
  const { settings, findings } = readSettingsFile(text, '/home/ada/s.json', '/home/ada', []);
  assert.deepEqual(
    findings.map((finding) => [finding.code, finding.place.file, finding.place.line]),
    [
      ['wrongValue', '/home/ada/s.json', 7],
      ['unknownServer', '/home/ada/s.json', 12],
    ],
  );
  assert.equal(settings.servers.office?.host, 'smtp.example.org');
});

test('a settings file that is no JSON object is refused with its line', () => {
  for (const [text, line] of [
    ['{\n  "envoi.from": "a@b.example"\n  "x": 1\n}', 3],
    ['[]', undefined],
    ['', 1],
  ] as const) {
    assert.throws(
      () => readSettingsFile(text, 's.json', '/', []),
      (error: unknown) => error instanceof UserError && error.code === 'settingsSyntax' && error.place?.line === line,
      text,
    );
  }
});

test('a route may hold servers side by side, and each is named once', () => {
  const three = { ...servers, mta1: { host: 'a.example.org' }, mta2: { host: 'b.example.org' } };
  const { settings, findings } = read({ 'envoi.servers': three, 'envoi.route': [['mta1', 'mta2'], 'direct'] });
  assert.deepEqual([settings.route, findings], [[['mta1', 'mta2'], 'direct'], []]);
  const code = (route: unknown) => read({ 'envoi.servers': three, 'envoi.route': route }).findings[0]?.code;
  assert.equal(code([['mta1', 'mta9']]), 'unknownServer');
  assert.ok(code([['mta1'], 'mta1']), 'named twice');
  assert.ok(code([[]]), 'an empty group');
  assert.ok(code([['mta1', ['mta2']]]), 'a group in a group');
});

test('headers of a server come from a safe list, and a host may end with its dot', () => {
  const one = (more: object) => read({ 'envoi.servers': { office: { host: 'smtp.example.org.', ...more } } });
  const good = one({ headers: { 'X-PM-Message-Stream': 'broadcast' }, dkim: 'provider', returnPath: 'b@example.org' });
  assert.deepEqual(good.findings, []);
  assert.equal(good.settings.servers.office?.host, 'smtp.example.org');
  assert.deepEqual(good.settings.servers.office?.headers, { 'X-PM-Message-Stream': 'broadcast' });
  for (const name of ['Subject', 'Bcc', 'DKIM-Signature', 'X-Sender', 'X-a b', 'Return-Path', 'X-Two\r\nBcc'])
    assert.equal(one({ headers: { [name]: 'x' } }).findings.length, 1, name);
  for (const value of ['two\r\nlines', 'Grüße', '', 7, 'x'.repeat(900)])
    assert.equal(one({ headers: { 'X-Campaign': value } }).findings.length, 1, String(value));
  assert.equal(one({ returnPath: 'bounces+{{ verp }}@example.org' }).findings.length, 0);
  for (const wrong of ['not an address', 'bounces+{{ name }}@example.org', `${'b'.repeat(40)}+{{ verp }}@example.org`])
    assert.equal(one({ returnPath: wrong }).findings.length, 1, wrong);
  assert.equal(read({ 'envoi.direct': { warmUp: 'soon' } }).findings.length, 1);
  assert.equal(read({ 'envoi.direct': { warmUp: '2026-11-25' } }).settings.direct.warmUp, '2026-11-25');
});

test('certificates stand in a key of their own, by server, and a server that is not there is named', () => {
  const written = {
    'envoi.servers': { office: { host: 'smtp.example.org', caFile: 'old.pem' }, other: { host: 'mx.example.org' } },
    'envoi.caFiles': { office: '~/ca.pem', ofice: 'x.pem' },
  };
  const { settings, findings } = readSettings(written, where);
  assert.equal(settings.servers.office?.caFile, `${homedir()}/ca.pem`);
  assert.equal(settings.servers.other?.caFile, '');
  assert.match(findings.map(({ place }) => place.key).join(), /envoi\.caFiles.*ofice/);
});

test('ended campaigns are kept for ever, or for 180 days and more', () => {
  const kept = (value: unknown) => {
    const { settings, findings } = read({ 'envoi.keepCampaigns': value });
    return [settings.keepCampaigns?.forMs ?? null, ...findings.map(({ text }) => format(text))];
  };
  const day = 86_400_000;
  for (const value of [undefined, null]) assert.deepEqual(kept(value), [null]);
  for (const [value, days] of [
    [180, 180],
    ['180d', 180],
    ['365d 12h', 365.5],
  ]) {
    assert.deepEqual(kept(value), [Number(days) * day], String(value));
  }
  for (const value of [179, 0, -1, '90d', '179d 23h']) {
    assert.match(String(kept(value)[1]), /180 days or more, so that unsubscribe links/, String(value));
  }
  for (const value of ['for ever', [], {}, true, 36_501, 180.0000000001, 1e300, Number.NaN]) {
    assert.match(String(kept(value)[1]), /a number of days or a duration/, String(value));
  }
});
