import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { DnsServer, type Zone } from '../support/dnsServer.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

async function sandboxWith(context: TestContext, zone: Zone, more: object = {}) {
  const dns = await DnsServer.start(zone);
  const sandbox = await Sandbox.make();
  context.after(async () => {
    await sandbox.remove();
    await dns.close();
  });
  const server = { host: 'smtp.gmail.com', port: 465, security: 'tls', user: 'ada', auth: 'password', dkim: 'own' };
  await sandbox.write(
    'envoi.json',
    JSON.stringify({
      'envoi.servers': { office: server },
      'envoi.route': ['office'],
      'envoi.direct': { dnsServers: [dns.name] },
      ...more,
    }),
  );
  return { dns, sandbox };
}

/** A key as a person makes one, beside the letter. */
async function makeKey(sandbox: Sandbox): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await sandbox.write('dkim.pem', String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

const dkim = { 'envoi.dkim': { 'sender.example': { selector: 'envoi', privateKeyFile: 'dkim.pem' } } };

type Line = { event: string; code: string; state: string; text: string; found: string; paste?: string };

const told = (lines: readonly Record<string, unknown>[]) =>
  lines.filter(({ event }) => event === 'evidence') as unknown as Line[];

test('a new sender goes from red to green by pasting what “check --network” says', async (context) => {
  const { dns, sandbox } = await sandboxWith(context, {}, dkim);
  await makeKey(sandbox);
  // The domain is registered, and nothing else; the readers' one takes mail.
  dns.zone = {
    'sender.example': { MX: [{ preference: 10, exchange: 'mx.sender.example' }] },
    'example.org': { A: ['192.0.2.7'] },
  };
  const red = await sandbox.json('check letter.md --network');
  assert.equal(red.code, 1, red.stderr);
  assert.deepEqual(
    told(red.lines).map(({ code, state }) => [code, state]),
    [
      ['senderDomain', 'passed'],
      ['spfRecord', 'failed'],
      ['dkimRecord', 'failed'],
      ['dmarcRecord', 'failed'],
      ['dmarcResult', 'failed'],
      ['listDomain', 'passed'],
    ],
  );
  for (const { paste } of told(red.lines)) {
    const [, name, strings] = /^(\S+)\. TXT (.*)$/.exec(paste ?? '') ?? [];
    if (name === undefined || strings === undefined) continue;
    const value = [...strings.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join('');
    dns.zone[name] = { ...dns.zone[name], TXT: [value] };
  }
  // What the suggested record includes is the provider's own.
  dns.zone['_spf.google.com'] = { TXT: ['v=spf1 ip4:192.0.2.0/24 ~all'] };
  const green = await sandbox.json('check letter.md --network');
  assert.deepEqual(
    told(green.lines).filter(({ state }) => state !== 'passed'),
    [],
  );
  assert.equal(green.code, 0, green.stderr);
});

test('plain “check” asks no server, and what could not be checked is not a failure', async (context) => {
  const { dns, sandbox } = await sandboxWith(context, {}, dkim);
  await makeKey(sandbox);
  assert.equal((await sandbox.json('check letter.md')).code, 0);
  assert.deepEqual(dns.queries, []);
  await sandbox.write(
    'envoi.json',
    JSON.stringify({
      'envoi.servers': { office: { host: 'smtp.gmail.com', port: 465, security: 'tls', user: 'ada', dkim: 'own' } },
      'envoi.route': ['office'],
      'envoi.direct': { dnsServers: ['127.0.0.1:9'] },
      ...dkim,
    }),
  );
  const { code, lines } = await sandbox.json('check letter.md --network');
  assert.equal(code, 0);
  assert.deepEqual([...new Set(told(lines).map(({ state }) => state))], ['unasked'], JSON.stringify(told(lines)));
  assert.match(told(lines)[0]?.text ?? '', /could not be checked/);
});

test('each answer is shown with the record found and the line to paste', async (context) => {
  const { dns, sandbox } = await sandboxWith(context, {
    'sender.example': { MX: [{ preference: 0, exchange: '' }], TXT: ['v=spf1 +all'] },
    '_dmarc.sender.example': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
  });
  const { code, stdout } = await sandbox.run('check letter.md --network');
  assert.equal(code, 1, stdout);
  assert.match(stdout, /sender\.example accepts no mail \(null MX\)/);
  assert.match(stdout, /v=spf1 \+all/);
  assert.match(stdout, /add to DNS: sender\.example\. TXT "v=spf1 ~all"/);
  assert.match(stdout, /several DMARC records/);
  assert.ok(dns.queries.includes('TXT _dmarc.example'), 'the tree is walked to its top');
});

test('direct delivery is checked at the list’s largest mail servers, and nothing is sent', async (context) => {
  const mx = await SmtpServer.start({});
  context.after(() => mx.close());
  const { dns, sandbox } = await sandboxWith(context, {
    'sender.example': { MX: [{ preference: 10, exchange: 'mx.sender.example' }] },
    'gmail.com': { MX: [{ preference: 5, exchange: 'gmail-smtp-in.l.google.com' }] },
    'gmail-smtp-in.l.google.com': { A: ['127.0.0.1'] },
  });
  await sandbox.write('list.csv', 'email\na@gmail.com\nb@gmail.com\n');
  const direct = { port: mx.port, dnsServers: [dns.name], hello: 'mail.sender.example' };
  await sandbox.write('envoi.json', JSON.stringify({ 'envoi.route': ['direct'], 'envoi.direct': direct }));
  const { lines } = await sandbox.json('check letter.md --network');
  const ports = told(lines).filter(({ code }) => code === 'directPorts');
  assert.deepEqual(
    ports.map(({ state }) => state),
    ['passed', 'failed'],
    JSON.stringify(ports),
  );
  assert.match(ports[1]?.text ?? '', /another server responds in place of gmail-smtp-in\.l\.google\.com/);
  assert.ok(mx.commands.includes('QUIT'), mx.commands.join(' '));
  assert.ok(!mx.commands.some((line) => /^(?:MAIL|RCPT|DATA)/.test(line)), mx.commands.join(' '));
  assert.ok(told(lines).some(({ code }) => code === 'directHost'));
});

const exchange = { MX: [{ preference: 10, exchange: 'mx.example' }] };

/** What was told of the list's domains, and how it ended. */
async function tellDomains(sandbox: Sandbox) {
  const { code, lines } = await sandbox.json('check letter.md --network');
  const domains = told(lines).filter((line) => line.code === 'listDomain') as (Line & { place?: object })[];
  return { code, domains, texts: domains.map(({ state, text }) => `${state}: ${text}`) };
}

test('domains of the list that accept no mail are reported with their addresses and the first line, each looked up once', async (context) => {
  const { dns, sandbox } = await sandboxWith(context, {
    'gmail.com': exchange,
    'good.example': exchange,
    'bare.example': { A: ['192.0.2.7'] },
    'six.example': { AAAA: ['2001:db8::7'] },
    'null.example': { MX: [{ preference: 0, exchange: '' }] },
    'text.example': { TXT: ['v=spf1 -all'] },
    'broken.example': { fail: 'SERVFAIL' },
  });
  const names = 'good gone bare six null text gone broken GONE good'.split(' ');
  await sandbox.write('list.csv', `email\n${names.map((name, n) => `r${n}@${name}.example`).join('\n')}\n`);
  const { domains, texts } = await tellDomains(sandbox);
  assert.deepEqual(texts.slice(0, 4), [
    'passed: 3 domains accept mail.',
    'warned: The domain gone.example does not exist: mail to 3 addresses cannot arrive (first: list.csv:3).',
    'warned: null.example accepts no mail (null MX): mail to 1 address cannot arrive (list.csv:6).',
    'warned: text.example has neither a mail server nor an address: mail to 1 address cannot arrive (list.csv:7).',
  ]);
  assert.match(texts[4] ?? '', /^unasked: 1 domain could not be checked: the name servers did not respond/);
  assert.equal(texts.length, 5);
  assert.deepEqual(
    domains.slice(1, 3).map(({ place }) => (place as { line: number }).line),
    [3, 6],
  );
  const asked = dns.queries.filter((query) => query === 'MX gone.example' || query === 'MX good.example');
  assert.deepEqual(asked.sort(), ['MX gone.example', 'MX good.example']);
});

test('a name server that does not find well-known domains either is not believed', async (context) => {
  const { sandbox } = await sandboxWith(context, { 'good.example': exchange });
  await sandbox.write('list.csv', 'email\na@good.example\nb@gone.example\n');
  const { texts } = await tellDomains(sandbox);
  assert.equal(texts.length, 2, texts.join('\n'));
  assert.match(texts[1] ?? '', /^unasked: 1 domain was not found, but the name servers do not find/);
});

test('of very many domains only the most frequent are looked up, and the number of the others is reported', async (context) => {
  const { dns, sandbox } = await sandboxWith(context, { 'gmail.com': exchange, 'often.example': exchange });
  const rows = Array.from({ length: 520 }, (_, n) => `a@d${n}.example`);
  await sandbox.write('list.csv', `email\n${[...rows, 'a@often.example', 'b@often.example'].join('\n')}\n`);
  const { texts } = await tellDomains(sandbox);
  assert.equal(texts[0], 'passed: 1 domain accepts mail.');
  assert.equal(texts.at(-2), 'warned: … and 449 more domains do not accept mail.');
  assert.equal(texts.at(-1), 'unasked: Only the 500 most frequent domains were checked; up to 21 others were not.');
  assert.equal(dns.queries.filter((query) => /^MX (?:d\d+|often)\.example$/.test(query)).length, 500);
});
