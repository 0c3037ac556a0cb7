import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseSettings, readParsedSettings } from '../../src/shared/settingsReader.ts';
import { startCli } from '../main/runCli.ts';
import { DnsServer } from '../support/dnsServer.ts';
import { Desk } from './desk.ts';

async function deskWith(context: TestContext, settings: (dns: string) => string) {
  const dns = await DnsServer.start({});
  const desk = await Desk.make();
  context.after(async () => {
    await desk.remove();
    await dns.close();
  });
  await desk.write('envoi.json', settings(dns.name));
  return { dns, desk };
}

const commented = (dns: string) => `{
  // Who writes.
  "envoi.from": "Ada <ada@sender.example>",
  "envoi.direct": { "dnsServers": ["${dns}"] }, // the laboratory
}
`;

test('“dkim init” makes a key that only its owner can read, writes the setting and shows the record', async (context) => {
  const { dns, desk } = await deskWith(context, commented);
  const { code, stdout, stderr } = await desk.run('dkim init');
  assert.equal(code, 1, stderr);
  const written = await readFile(join(desk.folder, 'envoi.json'), 'utf8');
  assert.match(written, /\/\/ Who writes\./);
  assert.match(written, /\/\/ the laboratory/);
  const where = { file: 'envoi.json', baseDir: desk.folder, providers: [] };
  const { settings } = readParsedSettings(parseSettings(written, 'envoi.json'), where);
  const entry = settings.dkim['sender.example'];
  assert.ok(entry, written);
  assert.equal(entry.privateKeyFile, join(desk.folder, 'person', 'envoi', 'dkim', 'sender.example.envoi.pem'));
  assert.equal((await stat(entry.privateKeyFile)).mode & 0o777, 0o600);
  assert.equal((await stat(join(entry.privateKeyFile, '..'))).mode & 0o777, 0o700);
  const pem = await readFile(entry.privateKeyFile, 'utf8');
  const spki = createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'der' }).toString('base64');
  assert.ok(stdout.includes(`v=DKIM1; k=rsa; p=${spki}`), stdout);
  assert.match(stdout, /envoi\._domainkey\.sender\.example/);

  dns.zone['envoi._domainkey.sender.example'] = { TXT: [`v=DKIM1; k=rsa; p=${spki}`] };
  const again = await desk.runAsStranger('dkim init');
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /is yours \(2,?048 bits\)/);
  assert.equal(await readFile(entry.privateKeyFile, 'utf8'), pem, 'it makes nothing anew');
});

test('“dkim init --wait” ends by itself once the record is there', async (context) => {
  const { dns, desk } = await deskWith(context, commented);
  const cli = startCli([...desk.args('dkim init --wait --json')], { cwd: desk.folder, env: desk.person });
  context.after(() => void cli.kill('SIGKILL'));
  let seen = '';
  cli.stdout?.on('data', (chunk) => {
    seen += String(chunk);
  });
  while (!seen.includes('"paste"')) await once(cli.stdout as NodeJS.ReadableStream, 'data');
  const line = seen.split('\n').find((each) => each.includes('"paste"')) ?? '';
  const value = [...String(JSON.parse(line).paste).matchAll(/"([^"]*)"/g)].map(([, part]) => part).join('');
  dns.zone['envoi._domainkey.sender.example'] = { TXT: [value] };
  const [code] = await once(cli, 'close');
  assert.equal(code, 0, seen);
});

test('for what is no domain no key is made', async (context) => {
  const { desk } = await deskWith(context, commented);
  const { code, stderr } = await desk.run('dkim init not_a_domain');
  assert.equal(code, 2);
  assert.match(stderr, /not_a_domain/);
});
