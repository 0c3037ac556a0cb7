import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../../../src/compose/document/document.ts';
import { checkDkimKey } from '../../../src/letter/checks/dkimKey.ts';
import { readSettingsFile } from '../../../src/shared/settingsReader.ts';

const dkim = { 'example.org': { selector: 'a', privateKeyFile: '/keys/a.pem' } };
const servers = (more: object) => ({ 'envoi.servers': { office: { host: 'smtp.example.org', user: 'ada', ...more } } });

test('an Ed25519 key is named where its signature is the only one', async () => {
  const rows: [what: string, kind: string | undefined, settings: object, found: number][] = [
    ['alone', 'ed25519', servers({}), 1],
    ['an RSA key', 'rsa', servers({}), 0],
    ['a file that is no key', undefined, servers({}), 0],
    ['the server signs by itself', 'ed25519', servers({ dkim: 'provider' }), 0],
    ['direct delivery', 'ed25519', { 'envoi.route': ['direct'] }, 1],
    ['the sender is of a subdomain', 'ed25519', { ...servers({}), 'envoi.from': 'ada@news.example.org' }, 1],
    ['the sender is of another domain', 'ed25519', { ...servers({}), 'envoi.from': 'ada@example.net' }, 0],
  ];
  for (const [what, kind, more, count] of rows) {
    const written = { 'envoi.from': 'ada@example.org', 'envoi.route': ['office'], 'envoi.dkim': dkim, ...more };
    const { settings } = readSettingsFile(JSON.stringify(written), 'envoi.json', '/', []);
    const document = parseDocument('---\nsubject: x\n---\nDear reader,\n', 'letter.md');
    const findings = await checkDkimKey({ document, newsletter: null, settings }, async () => kind);
    assert.equal(findings.length, count, what);
  }
});
