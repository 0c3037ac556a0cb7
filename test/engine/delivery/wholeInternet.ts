import { createHash, X509Certificate } from 'node:crypto';
import { allowingNetworks } from '../../../src/engine/delivery/addresses.ts';
import { systemConnect } from '../../../src/engine/delivery/dial.ts';
import { DirectTransport } from '../../../src/engine/delivery/direct.ts';
import { DnsClient } from '../../../src/engine/delivery/dnsClient.ts';
import { CachingResolver } from '../../../src/engine/delivery/resolver.ts';
import { directTimeouts } from '../../../src/engine/delivery/timeouts.ts';
import type { DirectSettings } from '../../../src/shared/settings.ts';
import type { Destination, Opened } from '../../../src/shared/transport.ts';
import { makeAuthority } from '../../support/certificates.ts';
import type { ZoneEntry } from '../../support/dnsServer.ts';
import { mx, TestInternet } from '../../support/testInternet.ts';
import { brief } from './harness.ts';

export const authority = makeAuthority();
export const proved = authority.issue(['proved.mx.example', 'byauthority.secure.mx.example']);
const expired = authority.issue(['expired.mx.example'], { expired: true });
const misnamed = authority.issue(['somebody.else.example']);
const own = makeAuthority('Nobody').issue(['own.mx.example']);

function der(pem: string): X509Certificate {
  return new X509Certificate(pem);
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

function spki(pem: string): Buffer {
  return der(pem).publicKey.export({ type: 'spki', format: 'der' });
}

type TlsaRecord = NonNullable<ZoneEntry['TLSA']>[number];
const keyOfProved: TlsaRecord = { usage: 3, selector: 1, matching: 1, data: sha256(spki(proved.cert)) };
const other: TlsaRecord = { usage: 3, selector: 1, matching: 1, data: Buffer.alloc(32, 1) };

/** A domain whose MX, addresses and TLSA are proved by DNSSEC. The host is its own, so that no other row sees it. */
function dane(
  name: string,
  host: string,
  TLSA: readonly TlsaRecord[] | 'SERVFAIL' | 'unproved',
): Record<string, ZoneEntry> {
  const mxName = `${name}.secure.mx.example`;
  return {
    [`${name}.dane.example`]: { MX: [{ preference: 10, exchange: mxName }], authenticated: true },
    [mxName]: { A: [addresses[host] as string], authenticated: true },
    [`_PORT._tcp.${mxName}`]:
      TLSA === 'SERVFAIL'
        ? { fail: 'SERVFAIL' }
        : TLSA === 'unproved'
          ? { TLSA: [other] }
          : { TLSA, authenticated: true },
  };
}

export const addresses: Record<string, string> = {};
const scripts = {
  accept: {},
  backup: {},
  noPipelining: { extensions: ['SIZE'] },
  helo: { steps: { EHLO: '500 5.5.1 what' } },
  greets554: { steps: { greeting: '554 5.7.1 not you' } },
  greets421: { steps: { greeting: { close: true, say: '421 4.3.2 busy' } } },
  closes: { steps: { greeting: { close: true } } },
  silent: { steps: { greeting: { hang: true } } },
  garbage: { steps: { greeting: 'HTTP/1.1 400 Bad Request' } },
  tarpit: {
    steps: {
      greeting: { say: '220 slow', afterMs: 60 },
      EHLO: { say: '250 slow', afterMs: 60 },
      RCPT: { say: '250 slow', afterMs: 60 },
    },
  },
  greylists: { steps: { RCPT: '451 4.7.1 Greylisted, try again in 300 seconds' } },
  defers: { steps: { dot: '451 4.3.0 disk trouble' } },
  rejects: { steps: { RCPT: '550 5.1.1 no such user' } },
  spamTrap: { steps: { dot: '554 5.7.1 Client host blocked using zen.spamhaus.org' } },
  dropsAtMail: { steps: { MAIL: { close: true } } },
  dropsAtRcpt: { steps: { RCPT: { reset: true } } },
  dropsAtData: { steps: { DATA: { close: true } } },
  dropsAtDot: { steps: { dot: { close: true } } },
  hangsAtDot: { steps: { dot: { hang: true } } },
  proved: { certificate: proved },
  expired: { certificate: expired },
  misnamed: { certificate: misnamed },
  own: { certificate: own },
  refusesTls: { certificate: own, steps: { STARTTLS: '454 4.7.0 TLS not available' } },
  breaksTls: { extensions: ['PIPELINING', 'STARTTLS'], steps: { STARTTLS: { close: true, say: '220 go' } } },
} satisfies Parameters<typeof TestInternet.start>[0];
for (const [nth, name] of Object.keys(scripts).entries()) addresses[name] = `127.0.0.${11 + nth}`;

const daneZone = {
  ...dane('good', 'proved', [keyOfProved]),
  ...dane('two', 'proved', [other, keyOfProved]),
  ...dane('expiredkey', 'expired', [{ usage: 3, selector: 1, matching: 1, data: sha256(spki(expired.cert)) }]),
  ...dane('wholecert', 'own', [{ usage: 3, selector: 0, matching: 0, data: der(own.cert).raw }]),
  ...dane('sha512', 'own', [
    { usage: 3, selector: 0, matching: 2, data: createHash('sha512').update(der(own.cert).raw).digest() },
  ]),
  ...dane('wrong', 'proved', [other]),
  ...dane('authority', 'proved', [{ usage: 2, selector: 0, matching: 1, data: sha256(der(authority.cert).raw) }]),
  ...dane('byauthority', 'proved', [{ usage: 2, selector: 0, matching: 1, data: sha256(der(authority.cert).raw) }]),
  ...dane('byauthoritykey', 'proved', [{ usage: 2, selector: 1, matching: 0, data: spki(authority.cert) }]),
  ...dane('otherauthority', 'proved', [{ usage: 2, selector: 0, matching: 1, data: Buffer.alloc(32, 9) }]),
  ...dane('pkix', 'proved', [{ usage: 1, selector: 1, matching: 1, data: Buffer.alloc(32) }]),
  ...dane('bogus', 'proved', 'SERVFAIL'),
  ...dane('unproved', 'proved', 'unproved'),
  ...dane('plain', 'accept', [keyOfProved]),
};

/** What each domain's DNS is like. */
export const zone: Record<string, ZoneEntry> = {
  'ok.example': { MX: mx([10, 'accept']) },
  'same.example': { MX: mx([5, 'accept']) },
  'two.example': { MX: mx([10, 'accept'], [20, 'backup']) },
  'firstdead.example': { MX: mx([10, 'dead'], [20, 'accept']) },
  'dead.mx.example': { A: ['127.0.0.200'] },
  'alldead.example': { MX: mx([10, 'dead']) },
  'firstgone.example': { MX: mx([10, 'gone'], [20, 'accept']) },
  'first554.example': { MX: mx([10, 'greets554'], [20, 'accept']) },
  'first421.example': { MX: mx([10, 'greets421'], [20, 'accept']) },
  'firstcloses.example': { MX: mx([10, 'closes'], [20, 'accept']) },
  'firstsilent.example': { MX: mx([10, 'silent'], [20, 'accept']) },
  'firstgarbage.example': { MX: mx([10, 'garbage'], [20, 'accept']) },
  'firstfails.example': { MX: mx([10, 'unknowable'], [20, 'accept']) },
  'unknowable.mx.example': { fail: 'SERVFAIL' },
  'allfail.example': { MX: mx([10, 'unknowable'], [20, 'gone']) },
  'only554.example': { MX: mx([10, 'greets554'], [20, 'dead']) },
  'implicit.example': { A: ['127.0.0.11'] },
  'implicitfails.example': { fail: { A: 'SERVFAIL' } },
  'noaddress.example': { TXT: ['nothing here'] },
  'goneonly.example': { MX: mx([10, 'gone']) },
  'null.example': { MX: [{ preference: 0, exchange: '.' }], A: ['127.0.0.11'] },
  'nullandreal.example': { MX: [{ preference: 0, exchange: '.' }, ...mx([10, 'accept'])] },
  'servfail.example': { fail: { MX: 'SERVFAIL' }, A: ['127.0.0.11'] },
  'alias.example': { CNAME: 'ok.example' },
  'mxalias.example': { MX: [{ preference: 10, exchange: 'alias.mx.example' }] },
  'alias.mx.example': { CNAME: 'accept.mx.example' },
  'mxaddress.example': { MX: [{ preference: 10, exchange: '127.0.0.11' }] },
  'private.example': { MX: [{ preference: 10, exchange: 'private.mx.example' }] },
  'private.mx.example': {
    A: ['10.0.0.1', '192.168.1.1'],
    AAAA: ['fd00::1', '::ffff:10.0.0.1', '64:ff9b::a00:1'.replace('64:ff9b::a00:1', '64:ff9b:0:0:0:0:a00:1')],
  },
  'privatefirst.example': { MX: [{ preference: 1, exchange: 'private.mx.example' }, ...mx([10, 'accept'])] },
  'self.example': { MX: [...mx([10, 'accept']), { preference: 5, exchange: 'self.mx.example' }] },
  'self.mx.example': { A: ['127.0.0.250'] },
  'selfbackup.example': { MX: [...mx([5, 'accept']), { preference: 10, exchange: 'self.mx.example' }] },
  'many.example': { MX: [{ preference: 10, exchange: 'many.mx.example' }] },
  'many.mx.example': {
    A: ['127.0.0.201', '127.0.0.202', '127.0.0.203', '127.0.0.204', '127.0.0.205', '127.0.0.206', '127.0.0.11'],
  },
  'lateaddress.example': { MX: [{ preference: 10, exchange: 'late.mx.example' }] },
  'late.mx.example': { A: ['127.0.0.201', '127.0.0.202', '127.0.0.11'] },
  'helo.example': { MX: mx([10, 'helo']) },
  'tarpit.example': { MX: mx([10, 'tarpit']) },
  'greylists.example': { MX: mx([10, 'greylists'], [20, 'accept']) },
  'defers.example': { MX: mx([10, 'defers'], [20, 'accept']) },
  'rejects.example': { MX: mx([10, 'rejects'], [20, 'accept']) },
  'spamtrap.example': { MX: mx([10, 'spamTrap']) },
  'dropsatmail.example': { MX: mx([10, 'dropsAtMail'], [20, 'accept']) },
  'dropsatrcpt.example': { MX: mx([10, 'dropsAtRcpt']) },
  'dropsatdata.example': { MX: mx([10, 'dropsAtData']) },
  'dropsatdot.example': { MX: mx([10, 'dropsAtDot'], [20, 'accept']) },
  'hangsatdot.example': { MX: mx([10, 'hangsAtDot']) },
  'proved.example': { MX: mx([10, 'proved']) },
  'expired.example': { MX: mx([10, 'expired']) },
  'own.example': { MX: mx([10, 'own']) },
  'refusestls.example': { MX: mx([10, 'refusesTls']) },
  'breakstls.example': { MX: mx([10, 'breaksTls']) },
  'xn--bcher-kva.example': { MX: mx([10, 'accept']) },
  'enforce.example': { MX: mx([10, 'proved']) },
  '_mta-sts.enforce.example': { TXT: ['v=STSv1; id=20261123'] },
  'enforceexpired.example': { MX: mx([10, 'expired']) },
  '_mta-sts.enforceexpired.example': { TXT: ['v=STSv1; id=1'] },
  'enforceplain.example': { MX: mx([10, 'accept']) },
  '_mta-sts.enforceplain.example': { TXT: ['v=STSv1; id=1'] },
  'enforcebroken.example': { MX: mx([10, 'breaksTls']) },
  '_mta-sts.enforcebroken.example': { TXT: ['v=STSv1; id=1'] },
  'enforceother.example': { MX: mx([10, 'accept'], [20, 'proved']) },
  '_mta-sts.enforceother.example': { TXT: ['v=STSv1; id=1'] },
  'enforcenone.example': { MX: mx([10, 'accept']) },
  '_mta-sts.enforcenone.example': { TXT: ['v=STSv1; id=1'] },
  'testing.example': { MX: mx([10, 'expired']) },
  '_mta-sts.testing.example': { TXT: ['v=STSv1; id=1'] },
  'unfetched.example': { MX: mx([10, 'expired']) },
  '_mta-sts.unfetched.example': { TXT: ['v=STSv1; id=1'] },
};

const policies: Record<string, string> = {
  'enforce.example': 'version: STSv1\nmode: enforce\nmx: proved.mx.example\nmax_age: 86400\n',
  'enforceexpired.example': 'version: STSv1\nmode: enforce\nmx: *.mx.example\nmax_age: 86400\n',
  'enforceplain.example': 'version: STSv1\nmode: enforce\nmx: *.mx.example\nmax_age: 86400\n',
  'enforcebroken.example': 'version: STSv1\nmode: enforce\nmx: *.mx.example\nmax_age: 86400\n',
  'enforceother.example': 'version: STSv1\r\nmode: enforce\r\nmx: proved.mx.example\r\nmax_age: 86400\r\n',
  'enforcenone.example': 'version: STSv1\nmode: enforce\nmx: *.example\nmax_age: 86400\n',
  'testing.example': 'version: STSv1\nmode: testing\nmx: nobody.example\nmax_age: 86400\n',
};

export const internet = await TestInternet.start(scripts, zone);
for (const [name, entry] of Object.entries(daneZone))
  internet.dns.zone[name.replace('PORT', String(internet.port))] = entry;

const usual: DirectSettings = {
  hello: 'client.example.org',
  tls: 'opportunistic',
  maxConnectionsPerDestination: 4,
  maxConnections: 50,
  dnsServers: [internet.dns.name],
  port: internet.port,
  ipFamily: 'ipv4',
  localAddress: '',
  returnPath: '',
  warmUp: '',
};
const isForbiddenAddress = allowingNetworks('127.0.0.0/8');

export function transport(changes: Partial<DirectSettings> = {}, random: () => number = () => 0): DirectTransport {
  return new DirectTransport(
    { ...usual, ...changes },
    {
      resolver: new CachingResolver(new DnsClient([internet.dns.name], [500]), Date.now),
      connect: systemConnect,
      fetchPolicy: (url) => {
        const text = policies[new URL(url).hostname.replace('mta-sts.', '')];
        return text === undefined ? Promise.reject(new Error('404')) : Promise.resolve(text);
      },
      isForbiddenAddress,
      isOwnAddress: (address) => address === '127.0.0.250',
      now: Date.now,
      random,
      timeouts: { ...directTimeouts, greeting: 300, hello: 1000, tls: 1000, dot: 150, quit: 100 },
      ca: authority.cert,
    },
  );
}

export const running = new AbortController().signal;

export async function locate(from: DirectTransport, domain: string): Promise<Destination | string> {
  const located = await from.locate(domain, running);
  return located.kind === 'destination' ? located.destination : brief(located.end);
}

export async function reach(domain: string, changes: Partial<DirectSettings> = {}): Promise<Opened | string> {
  const direct = transport(changes);
  const destination = await locate(direct, domain);
  return typeof destination === 'string' ? destination : direct.openSession(destination, running);
}

/** How it went, and with whom: "accept", "proved TLSv1.3", or the end. */
export async function reached(domain: string, changes: Partial<DirectSettings> = {}): Promise<string> {
  const opened = await reach(domain, changes);
  if (typeof opened === 'string') return opened;
  if (opened.kind === 'ended') return brief(opened.end);
  const { host, tls } = opened.session;
  opened.session.destroy();
  return `${host.split('.')[0]} ${tls.split(' ')[0]}`.trim();
}
