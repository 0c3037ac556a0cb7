import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseDocument } from '../../../src/compose/document/document.ts';
import { checkDkimKey } from '../../../src/letter/checks/dkimKey.ts';
import { format } from '../../../src/shared/errors.ts';
import { type KeyFile, readKeyFile } from '../../../src/shared/readKeyFile.ts';
import { readSettingsFile } from '../../../src/shared/settingsReader.ts';

const dkim = { 'example.org': { selector: 'a', privateKeyFile: '/keys/a.pem' } };
const servers = (more: object) => ({ 'envoi.servers': { office: { host: 'smtp.example.org', user: 'ada', ...more } } });

test('an Ed25519 key is named where its signature is the only one', async () => {
  const rows: [what: string, kind: string, settings: object, found: number][] = [
    ['alone', 'ed25519', servers({}), 1],
    ['an RSA key', 'rsa', servers({}), 0],
    ['the server signs by itself', 'ed25519', servers({ dkim: 'provider' }), 0],
    ['direct delivery', 'ed25519', { 'envoi.route': ['direct'] }, 1],
    ['the sender is of a subdomain', 'ed25519', { ...servers({}), 'envoi.from': 'ada@news.example.org' }, 1],
    ['the sender is of another domain', 'ed25519', { ...servers({}), 'envoi.from': 'ada@example.net' }, 0],
  ];
  for (const [what, kind, more, count] of rows) {
    const findings = await checked(more, { kind, bits: 2048 });
    assert.equal(findings.length, count, what);
    for (const { code } of findings) assert.equal(code, 'dkimEd25519', what);
  }
});

test('a key that cannot sign is an error with its file and setting, whoever delivers', async () => {
  const rows: [KeyFile, because: RegExp][] = [
    [{ fault: 'missing' }, /^The DKIM key \/keys\/a\.pem does not exist\./],
    [{ fault: 'unreadable' }, /^The DKIM key \/keys\/a\.pem cannot be read\./],
    [{ fault: 'noKey' }, /^The file \/keys\/a\.pem is not /],
    [{ kind: 'ec' }, /^The DKIM key \/keys\/a\.pem is of type ec;/],
    [{ kind: 'rsa', bits: 768 }, /^The DKIM key \/keys\/a\.pem has 768 bits;/],
  ];
  for (const [file, because] of rows) {
    for (const more of [servers({}), servers({ dkim: 'provider' }), { 'envoi.route': ['direct'] }]) {
      const findings = await checked(more, file);
      assert.deepEqual(
        findings.map(({ code, severity }) => [code, severity]),
        [['dkimKeyFile', 'error']],
      );
      const text = findings.map((each) => format(each.text)).join('');
      assert.match(text, because);
      assert.match(text, /envoi\.dkim\["example\.org"\]\.privateKeyFile/);
    }
    assert.deepEqual(await checked({ ...servers({}), 'envoi.from': 'ada@example.net' }, file), [], 'not its domain');
  }
});

test('a key file is read for what it contains', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-keys-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'key.pem');
  assert.deepEqual(await readKeyFile(file), { fault: 'missing' });
  assert.deepEqual(await readKeyFile(folder), { fault: 'unreadable' });
  await writeFile(file, 'not a key');
  assert.deepEqual(await readKeyFile(file), { fault: 'noKey' });
  const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  await writeFile(file, privateKey.export(locked));
  assert.deepEqual(await readKeyFile(file), { fault: 'noKey' });
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  assert.deepEqual(await readKeyFile(file), { kind: 'rsa', bits: 1024 });
});

function checked(more: object, file: KeyFile) {
  const written = { 'envoi.from': 'ada@example.org', 'envoi.route': ['office'], 'envoi.dkim': dkim, ...more };
  const { settings } = readSettingsFile(JSON.stringify(written), 'envoi.json', '/', []);
  const document = parseDocument('---\nsubject: x\n---\nDear reader,\n', 'letter.md');
  return checkDkimKey({ document, newsletter: null, settings }, async () => file);
}
