import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseSettings, readParsedSettings } from '../../src/shared/settingsReader.ts';
import { startCli } from '../main/runCli.ts';
import { DnsServer } from '../support/dnsServer.ts';
import { Sandbox } from './sandbox.ts';

async function sandboxWith(context: TestContext, settings: (dns: string) => string) {
  const dns = await DnsServer.start({});
  const sandbox = await Sandbox.make();
  context.after(async () => {
    await sandbox.remove();
    await dns.close();
  });
  await sandbox.write('envoi.json', settings(dns.name));
  return { dns, sandbox };
}

const commented = (dns: string) => `{
  // Who writes.
  "envoi.from": "Ada <ada@sender.example>",
  "envoi.direct": { "dnsServers": ["${dns}"] }, // the laboratory
}
`;

test('“dkim init” makes a key that only its owner can read, writes the setting and shows the record', async (context) => {
  const { dns, sandbox } = await sandboxWith(context, commented);
  const { code, stdout, stderr } = await sandbox.run('dkim init');
  assert.equal(code, 1, stderr);
  const written = await readFile(join(sandbox.folder, 'envoi.json'), 'utf8');
  assert.match(written, /\/\/ Who writes\./);
  assert.match(written, /\/\/ the laboratory/);
  const where = { file: 'envoi.json', baseDir: sandbox.folder, providers: [] };
  const { settings } = readParsedSettings(parseSettings(written, 'envoi.json'), where);
  const entry = settings.dkim['sender.example'];
  assert.ok(entry, written);
  assert.equal(entry.privateKeyFile, join(sandbox.folder, 'person', 'envoi', 'dkim', 'sender.example.envoi.pem'));
  assert.equal((await stat(entry.privateKeyFile)).mode & 0o777, 0o600);
  assert.equal((await stat(join(entry.privateKeyFile, '..'))).mode & 0o777, 0o700);
  const pem = await readFile(entry.privateKeyFile, 'utf8');
  const spki = createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'der' }).toString('base64');
  assert.ok(stdout.includes(`v=DKIM1; k=rsa; p=${spki}`), stdout);
  assert.match(stdout, /envoi\._domainkey\.sender\.example/);

  dns.zone['envoi._domainkey.sender.example'] = { TXT: [`v=DKIM1; k=rsa; p=${spki}`] };
  const again = await sandbox.runAsStranger('dkim init');
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /is yours \(2,?048 bits\)/);
  assert.equal(await readFile(entry.privateKeyFile, 'utf8'), pem, 'it makes nothing anew');
});

test('“dkim init --wait” ends by itself once the record is there', async (context) => {
  const { dns, sandbox } = await sandboxWith(context, commented);
  const cli = startCli([...sandbox.args('dkim init --wait --json')], { cwd: sandbox.folder, env: sandbox.person });
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

test('no key is made for an invalid domain', async (context) => {
  const { sandbox } = await sandboxWith(context, commented);
  const { code, stderr } = await sandbox.run('dkim init not_a_domain');
  assert.equal(code, 2);
  assert.match(stderr, /not_a_domain/);
});
