import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { judge } from '../../../src/engine/verdict/judge.ts';
import type { DirectSettings } from '../../../src/shared/settings.ts';
import type { Session } from '../../../src/shared/transport.ts';
import { mx } from '../../support/testInternet.ts';
import { brief, letter } from './harness.ts';
import { internet, locate, reach, reached, running, transport } from './wholeInternet.ts';

after(() => internet.close());

const rows: readonly [what: string, domain: string, expected: string, changes?: Partial<DirectSettings>][] = [
  ['one MX', 'ok.example', 'accept'],
  ['an international domain, as A-labels', 'xn--bcher-kva.example', 'accept'],
  ['a domain that is an alias', 'alias.example', 'accept'],
  ['an MX host that is an alias', 'mxalias.example', 'alias'],
  ['an MX that is an address', 'mxaddress.example', '127'],
  ['an address literal', '[127.0.0.11]', '127'],
  ['no MX but an address', 'implicit.example', 'implicit'],
  ['no MX, and the address cannot be asked', 'implicitfails.example', 'fault resolve dnsTemporary'],
  ['neither MX nor address', 'noaddress.example', 'fault resolve noAddress'],
  ['an MX host without address', 'goneonly.example', 'fault resolve noAddress'],
  ['a null MX, with an address', 'null.example', 'fault resolve nullMx'],
  ['a null MX beside a real one', 'nullandreal.example', 'accept'],
  ['a domain that does not exist', 'nowhere.example', 'fault resolve noSuchDomain'],
  ['no domain name at all', 'foo..bar', 'fault resolve noSuchDomain'],
  ['a bare address', '127.0.0.11', 'fault resolve noSuchDomain'],
  ['a literal that is no address', '[nonsense]', 'fault resolve noSuchDomain'],
  ['DNS trouble, though the address is known', 'servfail.example', 'fault resolve dnsTemporary'],
  ['the first host dead', 'firstdead.example', 'accept'],
  ['the first host without address', 'firstgone.example', 'accept'],
  ["the first host's address cannot be asked", 'firstfails.example', 'accept'],
  ['no address known, one for now: DNS trouble dominates', 'allfail.example', 'fault resolve dnsTemporary'],
  ['all hosts dead', 'alldead.example', 'fault connect refused'],
  ['554 as a greeting leads to the next host', 'first554.example', 'accept'],
  ['421 as a greeting leads to the next host', 'first421.example', 'accept'],
  ['a host that closes at once', 'firstcloses.example', 'accept'],
  ['a host that says nothing', 'firstsilent.example', 'accept'],
  ['a host that speaks another protocol', 'firstgarbage.example', 'accept'],
  ['what a host said tells more than another one being dead', 'only554.example', 'reply greeting 554'],
  ['a third address of one host', 'lateaddress.example', 'late'],
  ['no more than five addresses', 'many.example', 'fault connect refused'],
  ['private addresses only', 'private.example', 'fault resolve mailLoop', { ipFamily: 'auto' }],
  ['a private address first', 'privatefirst.example', 'accept'],
  ['this machine is the best MX', 'self.example', 'fault resolve mailLoop'],
  ['this machine is the backup MX', 'selfbackup.example', 'accept'],
  ['a server of before ESMTP', 'helo.example', 'helo'],
  ['a tarpit', 'tarpit.example', 'tarpit'],
  ['STARTTLS with a good certificate', 'proved.example', 'proved TLSv1.3'],
  ['STARTTLS with an expired certificate: better than none', 'expired.example', 'expired TLSv1.3'],
  ['STARTTLS with a certificate of its own', 'own.example', 'own TLSv1.3'],
  ['STARTTLS refused', 'refusestls.example', 'refusestls'],
  ['STARTTLS refused where TLS is required', 'refusestls.example', 'fault tls tlsUnavailable', { tls: 'required' }],
  ['no STARTTLS where TLS is required', 'ok.example', 'fault tls tlsUnavailable', { tls: 'required' }],
  ['a handshake that fails: once more in the clear', 'breakstls.example', 'breakstls'],
  ['a handshake that fails where TLS is required', 'breakstls.example', 'fault tls tlsHandshake', { tls: 'required' }],
  ['MTA-STS enforced, certificate good', 'enforce.example', 'proved TLSv1.3'],
  ['MTA-STS enforced, certificate expired', 'enforceexpired.example', 'fault tls mtaSts'],
  ['MTA-STS enforced, no TLS offered', 'enforceplain.example', 'fault tls mtaSts'],
  ['MTA-STS enforced, handshake fails: never in the clear', 'enforcebroken.example', 'fault tls mtaSts'],
  ['MTA-STS enforced, the best host is not listed', 'enforceother.example', 'proved TLSv1.3'],
  ['MTA-STS enforced, no host listed: * is one label', 'enforcenone.example', 'fault resolve mtaSts'],
  ['MTA-STS in testing', 'testing.example', 'expired TLSv1.3'],
  ['MTA-STS policy not to be had', 'unfetched.example', 'expired TLSv1.3'],
  ['DANE, the key', 'good.dane.example', 'good TLSv1.3'],
  ['DANE, one record of two (roll-over)', 'two.dane.example', 'two TLSv1.3'],
  ['DANE, the key of an expired certificate is good', 'expiredkey.dane.example', 'expiredkey TLSv1.3'],
  ['DANE, the whole certificate', 'wholecert.dane.example', 'wholecert TLSv1.3'],
  ['DANE, SHA-512', 'sha512.dane.example', 'sha512 TLSv1.3'],
  ['DANE, another key', 'wrong.dane.example', 'fault tls dane'],
  ['DANE, the authority, but the certificate is for another name', 'authority.dane.example', 'fault tls dane'],
  [
    'DANE, the authority’s key, but the certificate is for another name',
    'byauthoritykey.dane.example',
    'fault tls dane',
  ],
  ['DANE, the authority, and the certificate is for the host', 'byauthority.dane.example', 'byauthority TLSv1.3'],
  ['DANE, another authority', 'otherauthority.dane.example', 'fault tls dane'],
  ['DANE, only PKIX usages: encrypted, not authenticated', 'pkix.dane.example', 'pkix TLSv1.3'],
  ['DANE, TLSA cannot be asked: not a byte', 'bogus.dane.example', 'fault tls dane'],
  ['DANE without proof is no DANE', 'unproved.dane.example', 'unproved TLSv1.3'],
  ['DANE, but the server offers no TLS', 'plain.dane.example', 'fault tls dane'],
];
for (const [what, domain, expected, changes] of rows) {
  test(`${what}: ${expected}`, async () => {
    assert.equal(await reached(domain, changes), expected);
  });
}

/** Domain, how the message ended, what that means. Once MAIL was said, no other host is asked in this attempt. */
const sends: readonly [string, string, string][] = [
  ['ok.example', 'reply dot 250', 'delivered'],
  ['greylists.example', 'reply rcpt 451', 'later'],
  ['defers.example', 'reply dot 451', 'later'],
  ['rejects.example', 'reply rcpt 550', 'rejected'],
  ['spamtrap.example', 'reply dot 554', 'nextTransport'],
  ['dropsatmail.example', 'fault mail closed', 'later'],
  ['dropsatrcpt.example', 'fault rcpt closed', 'later'],
  ['dropsatdata.example', 'fault data closed', 'later'],
  ['dropsatdot.example', 'fault dot closed', 'inDoubt'],
  ['hangsatdot.example', 'fault dot timeout', 'inDoubt'],
];
for (const [domain, expected, outcome] of sends) {
  test(`a message to ${domain}: ${expected}, ${outcome}`, async () => {
    const accepted = internet.host('accept').messages.length;
    const opened = await reach(domain);
    if (typeof opened === 'string' || opened.kind === 'ended') throw new Error(JSON.stringify(opened));
    const end = await opened.session.send(letter({ to: `reader@${domain}` })).end;
    opened.session.destroy();
    assert.equal(brief(end), expected);
    const verdict = judge(end, { transport: 'direct', host: opened.session.host });
    assert.equal(verdict.outcome.kind, outcome);
    if (domain === 'greylists.example')
      assert.deepEqual(verdict.outcome, { kind: 'later', afterMs: 300_000, nextTransportAfterTries: 3 });
    assert.equal(internet.host('accept').messages.length - accepted, domain === 'ok.example' ? 1 : 0);
  });
}

test('domains on the same MX hosts are one destination; other hosts, other rules, another one', async () => {
  const direct = transport();
  const keys = new Map<string, string>();
  for (const domain of [
    'ok.example',
    'same.example',
    'nullandreal.example',
    'two.example',
    'enforce.example',
    'proved.example',
  ]) {
    const destination = await locate(direct, domain);
    if (typeof destination === 'string') throw new Error(destination);
    keys.set(domain, destination.key);
    assert.equal(destination.adaptive, true);
    assert.equal(destination.limits.maxConnections, 4);
  }
  assert.equal(keys.get('ok.example'), keys.get('same.example'));
  assert.equal(keys.get('ok.example'), keys.get('nullandreal.example'));
  assert.notEqual(keys.get('ok.example'), keys.get('two.example'));
  assert.notEqual(
    keys.get('proved.example'),
    keys.get('enforce.example'),
    'a session that proved nothing must not carry it',
  );
});

test('a provider shares its limits over all its MX sets', async () => {
  for (const name of ['a', 'b']) {
    internet.dns.zone[`${name}.corp.example`] = {
      MX: [{ preference: 0, exchange: `${name}-corp.mail.protection.outlook.com` }],
    };
  }
  const direct = transport();
  const [a, b] = [await locate(direct, 'a.corp.example'), await locate(direct, 'b.corp.example')];
  if (typeof a === 'string' || typeof b === 'string') throw new Error('not located');
  assert.notEqual(a.key, b.key);
  assert.equal(a.operator?.key, 'microsoft365');
  assert.equal(b.operator?.maxConnections, 5);
  assert.equal(a.label, 'Microsoft 365');
  assert.equal(a.limits.maxMessagesPerConnection, 50);
  assert.deepEqual(await direct.mailHosts('a.corp.example'), ['a-corp.mail.protection.outlook.com']);
});

test('hosts of equal preference are used in random order', async () => {
  internet.dns.zone['equal.example'] = { MX: mx([10, 'accept'], [10, 'backup'], [10, 'noPipelining']) };
  const seen = new Map<string, number>();
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x80000000;
  };
  const direct = transport({}, random);
  const destination = await locate(direct, 'equal.example');
  if (typeof destination === 'string') throw new Error(destination);
  for (let round = 0; round < 60; round++) {
    const opened = await direct.openSession(destination, running);
    if (opened.kind === 'ended') throw new Error(brief(opened.end));
    seen.set(opened.session.host, (seen.get(opened.session.host) ?? 0) + 1);
    opened.session.destroy();
  }
  assert.equal(seen.size, 3);
  for (const [host, count] of seen) assert.ok(count >= 8, `${host}: ${count} of 60`);
});

test('TLS is not tried again for three days with a host where it is broken', async () => {
  const direct = transport();
  const destination = await locate(direct, 'breakstls.example');
  if (typeof destination === 'string') throw new Error(destination);
  const before = internet.host('breaksTls').commands.filter((line) => line === 'STARTTLS').length;
  for (let round = 0; round < 3; round++) {
    const opened = await direct.openSession(destination, running);
    if (opened.kind === 'ended') throw new Error(brief(opened.end));
    opened.session.destroy();
  }
  assert.equal(internet.host('breaksTls').commands.filter((line) => line === 'STARTTLS').length - before, 1);
});

test('one session carries message after message', async () => {
  const opened = await reach('ok.example');
  if (typeof opened === 'string' || opened.kind === 'ended') throw new Error('no session');
  const session: Session = opened.session;
  for (let nth = 0; nth < 5; nth++) assert.equal(brief(await session.send(letter()).end), 'reply dot 250');
  await session.quit();
});

test('six providers refuse and none connects: port 25 is blocked', async () => {
  const direct = transport();
  for (let nth = 0; nth < 7; nth++) {
    internet.dns.zone[`dark${nth}.example`] = { MX: [{ preference: 0, exchange: `mx.dark${nth}.example` }] };
    internet.dns.zone[`mx.dark${nth}.example`] = { A: [`127.0.0.${220 + nth}`] };
  }
  const ends: string[] = [];
  for (let nth = 0; nth < 7; nth++) {
    const destination = await locate(direct, `dark${nth}.example`);
    if (typeof destination === 'string') throw new Error(destination);
    const opened = await direct.openSession(destination, running);
    ends.push(opened.kind === 'ended' ? brief(opened.end) : 'session');
  }
  assert.deepEqual(ends, [...Array(6).fill('fault connect refused'), 'fault connect portBlocked']);
  // One that answers proves the contrary.
  const other = transport();
  for (const domain of [
    'dark0.example',
    'dark1.example',
    'dark2.example',
    'ok.example',
    'dark3.example',
    'dark4.example',
    'dark5.example',
    'dark6.example',
  ]) {
    const destination = await locate(other, domain);
    if (typeof destination === 'string') throw new Error(destination);
    const opened = await other.openSession(destination, running);
    if (opened.kind === 'session') opened.session.destroy();
    else assert.equal(brief(opened.end), 'fault connect refused');
  }
});

test('stopped while waiting for DNS: aborted at once', async () => {
  internet.dns.zone['hang.example'] = { fail: 'hang' };
  const stop = new AbortController();
  const locating = transport().locate('hang.example', stop.signal);
  stop.abort();
  const located = await locating;
  assert.equal(located.kind === 'ended' && brief(located.end), 'fault resolve aborted');
});

test('the configured local address is used', async () => {
  const opened = await reach('ok.example', { localAddress: '127.0.0.77' });
  if (typeof opened === 'string' || opened.kind === 'ended') throw new Error(JSON.stringify(opened));
  opened.session.destroy();
});
