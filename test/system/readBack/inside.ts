// Runs inside namespaces of its own: a receiving mail server with all that judges a sender, and Envoi that writes to it.
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../../../scripts/lib/run.ts';
import { jsonLines, runCli } from '../../main/runCli.ts';
import { DnsServer, type Zone } from '../../support/dnsServer.ts';
import { Dovecot } from '../../support/dovecot.ts';
import { makeMachine } from '../internet/machine.ts';
import { MX, startReceiver } from './receiver.ts';

const SENDER = '192.0.2.25';
const [folder = '', packages = ''] = process.argv.slice(2);

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

/** The second sender has neither a key nor SPF that vouches for it. Names of their own: filters remember what they asked. */
const zone: Zone = {
  'good.example': { MX: [{ preference: 1, exchange: 'mail.good.example' }], TXT: [`v=spf1 ip4:${SENDER} -all`] },
  'mail.good.example': { A: [SENDER] },
  '25.2.0.192.in-addr.arpa': { PTR: ['mail.good.example'] },
  's._domainkey.good.example': { TXT: [`v=DKIM1; k=rsa; p=${p}`] },
  '_dmarc.good.example': { TXT: ['v=DMARC1; p=reject'] },
  'bad.example': { MX: [{ preference: 1, exchange: 'mail.good.example' }], TXT: ['v=spf1 -all'] },
  's._domainkey.bad.example': { TXT: ['v=DKIM1; p='] },
  '_dmarc.bad.example': { TXT: ['v=DMARC1; p=reject'] },
  'sender.example': { MX: [{ preference: 1, exchange: 'mx.sender.example' }] },
  'mx.sender.example': { A: [MX] },
};
await makeMachine(folder, packages);
await must('ip', ['link', 'set', 'lo', 'up']);
for (const address of [SENDER, MX]) await must('ip', ['addr', 'add', `${address}/32`, 'dev', 'lo']);
await writeFile('/etc/resolv.conf', 'nameserver 127.0.0.1\n');
await DnsServer.start(zone, 53);
// Its folder goes with all the others.
process.env.TMPDIR = folder;
const dovecot = await Dovecot.start();
await startReceiver(folder, dovecot);

const sandbox = join(folder, 'sandbox');
await mkdir(sandbox);
await writeFile(join(sandbox, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
const mailbox = { host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user };
const settings = {
  'envoi.route': ['direct'],
  'envoi.direct': { dnsServers: ['127.0.0.1'], hello: 'mail.good.example', localAddress: SENDER },
  'envoi.dkim': Object.fromEntries(
    ['good.example', 'bad.example'].map((domain) => [domain, { selector: 's', privateKeyFile: 'key.pem' }]),
  ),
  'envoi.mailboxes': { home: { ...mailbox, authServer: 'mx.sender.example' } },
};
await writeFile(join(sandbox, 'envoi.json'), JSON.stringify(settings));

async function envoi(
  words: string,
): Promise<{ code: number | null; lines: Record<string, unknown>[]; stderr: string }> {
  const env = {
    ENVOI_LAB_ADDRESSES: '192.0.2.0/24',
    ENVOI_PASSWORD_HOME: dovecot.password,
    XDG_STATE_HOME: join(folder, 'person'),
  };
  const args = [...words.split(' '), '--json', '--trust', '--state', join(folder, 'state')];
  const { code, stdout, stderr } = await runCli(args, { cwd: sandbox, env });
  return { code, lines: jsonLines(stdout), stderr };
}

const results: Record<string, unknown> = {};
for (const name of ['good', 'bad']) {
  const letter = `---\nsubject: Spring\nfrom: ada@${name}.example\nkind: internal\n---\nHello.\n`;
  await writeFile(join(sandbox, `${name}.md`), letter);
  const checked = await envoi(`check ${name}.md --network`);
  const tested = await envoi(`test ${name}.md --read --to ${dovecot.user}`);
  results[name] = {
    predicted: checked.lines.find(({ code }) => code === 'dmarcResult')?.state,
    arrival: tested.lines.find(({ event }) => event === 'arrival'),
    code: tested.code,
    stderr: `${checked.stderr}${tested.stderr}${JSON.stringify(tested.lines)}`,
  };
}
await writeFile(join(folder, 'results.json'), JSON.stringify(results));
process.exit(0);
