import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { DnsServer, type Zone } from '../support/dnsServer.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Desk } from './desk.ts';

async function deskWith(context: TestContext, zone: Zone, more: object = {}) {
  const dns = await DnsServer.start(zone);
  const desk = await Desk.make();
  context.after(async () => {
    await desk.remove();
    await dns.close();
  });
  const server = { host: 'smtp.gmail.com', port: 465, security: 'tls', user: 'ada', auth: 'password', dkim: 'own' };
  await desk.write(
    'envoi.json',
    JSON.stringify({
      'envoi.servers': { office: server },
      'envoi.route': ['office'],
      'envoi.direct': { dnsServers: [dns.name] },
      ...more,
    }),
  );
  return { dns, desk };
}

/** A key as a person makes one, beside the letter. */
async function makeKey(desk: Desk): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await desk.write('dkim.pem', String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

const dkim = { 'envoi.dkim': { 'sender.example': { selector: 'envoi', privateKeyFile: 'dkim.pem' } } };

type Line = { event: string; code: string; state: string; text: string; found: string; paste?: string };

const told = (lines: readonly Record<string, unknown>[]) =>
  lines.filter(({ event }) => event === 'evidence') as unknown as Line[];

test('a new sender goes from red to green by pasting what “check --network” says', async (context) => {
  const { dns, desk } = await deskWith(context, {}, dkim);
  await makeKey(desk);
  // The domain is registered, and nothing else.
  dns.zone = { 'sender.example': { MX: [{ preference: 10, exchange: 'mx.sender.example' }] } };
  const red = await desk.json('check letter.md --network');
  assert.equal(red.code, 1, red.stderr);
  assert.deepEqual(
    told(red.lines).map(({ code, state }) => [code, state]),
    [
      ['senderDomain', 'passed'],
      ['spfRecord', 'failed'],
      ['dkimRecord', 'failed'],
      ['dmarcRecord', 'failed'],
      ['dmarcResult', 'failed'],
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
  const green = await desk.json('check letter.md --network');
  assert.deepEqual(
    told(green.lines).filter(({ state }) => state !== 'passed'),
    [],
  );
  assert.equal(green.code, 0, green.stderr);
});

test('plain “check” asks nobody, and what could not be asked is no failure', async (context) => {
  const { dns, desk } = await deskWith(context, {}, dkim);
  await makeKey(desk);
  assert.equal((await desk.json('check letter.md')).code, 0);
  assert.deepEqual(dns.queries, []);
  await desk.write(
    'envoi.json',
    JSON.stringify({
      'envoi.servers': { office: { host: 'smtp.gmail.com', port: 465, security: 'tls', user: 'ada', dkim: 'own' } },
      'envoi.route': ['office'],
      'envoi.direct': { dnsServers: ['127.0.0.1:9'] },
      ...dkim,
    }),
  );
  const { code, lines } = await desk.json('check letter.md --network');
  assert.equal(code, 0);
  assert.deepEqual([...new Set(told(lines).map(({ state }) => state))], ['unasked'], JSON.stringify(told(lines)));
  assert.match(told(lines)[0]?.text ?? '', /could not be asked/);
});

test('people read each answer with the record found and the line to paste', async (context) => {
  const { dns, desk } = await deskWith(context, {
    'sender.example': { MX: [{ preference: 0, exchange: '' }], TXT: ['v=spf1 +all'] },
    '_dmarc.sender.example': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
  });
  const { code, stdout } = await desk.run('check letter.md --network');
  assert.equal(code, 1, stdout);
  assert.match(stdout, /sender\.example accepts no mail \(null MX\)/);
  assert.match(stdout, /v=spf1 \+all/);
  assert.match(stdout, /put into DNS: sender\.example\. TXT "v=spf1 ~all"/);
  assert.match(stdout, /several DMARC records/);
  assert.ok(dns.queries.includes('TXT _dmarc.example'), 'the tree is walked to its top');
});

test('direct delivery is asked about at the list’s largest mail servers, and nothing is sent', async (context) => {
  const mx = await SmtpServer.start({});
  context.after(() => mx.close());
  const { dns, desk } = await deskWith(context, {
    'sender.example': { MX: [{ preference: 10, exchange: 'mx.sender.example' }] },
    'gmail.com': { MX: [{ preference: 5, exchange: 'gmail-smtp-in.l.google.com' }] },
    'gmail-smtp-in.l.google.com': { A: ['127.0.0.1'] },
  });
  await desk.write('list.csv', 'email\na@gmail.com\nb@gmail.com\n');
  const direct = { port: mx.port, dnsServers: [dns.name], hello: 'mail.sender.example' };
  await desk.write('envoi.json', JSON.stringify({ 'envoi.route': ['direct'], 'envoi.direct': direct }));
  const { lines } = await desk.json('check letter.md --network');
  const ports = told(lines).filter(({ code }) => code === 'directPorts');
  assert.deepEqual(
    ports.map(({ state }) => state),
    ['passed', 'failed'],
    JSON.stringify(ports),
  );
  assert.match(ports[1]?.text ?? '', /somebody else answers in place of gmail-smtp-in\.l\.google\.com/);
  assert.ok(mx.commands.includes('QUIT'), mx.commands.join(' '));
  assert.ok(!mx.commands.some((line) => /^(?:MAIL|RCPT|DATA)/.test(line)), mx.commands.join(' '));
  assert.ok(told(lines).some(({ code }) => code === 'directHost'));
});
