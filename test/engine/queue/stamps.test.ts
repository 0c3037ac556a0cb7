import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { defaultDirect, defaultServer } from '../../../src/shared/defaultSettings.ts';
import { fault } from '../../support/fakeTransport.ts';
import { Harness } from './harness.ts';

const dir = mkdtempSync(join(tmpdir(), 'envoi-stamps-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKeyFile = join(dir, 'dkim.pem');
writeFileSync(privateKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));

it('each server gets the signature, the return path and the headers it wants, one letter or not', async () => {
  const from: string[] = [];
  const sender = (address: string) => void from.push(address);
  const h = await Harness.start({
    // What SES takes it signs itself; nothing is set for it.
    ses: { sender, answer: () => fault('mail', 'tooLarge') },
    postmark: { sender, answer: () => fault('mail', 'tooLarge') },
    direct: { sender },
  });
  const seen: Record<string, string> = {};
  for (const [name, transport] of Object.entries(h.transports))
    transport.script.bytes = (_to, text) =>
      void Object.assign(seen, { [name]: text.slice(0, text.indexOf('\r\n\r\n')) });
  const server = (host: string, more = {}) => ({ ...defaultServer, host, auth: 'none' as const, ...more });
  await h.send('c', ['a@b.example'], {
    settings: {
      servers: {
        ses: server('email-smtp.eu-west-1.amazonaws.com'),
        postmark: server('smtp.postmarkapp.com', {
          dkim: 'own',
          returnPath: 'bounces@example.org',
          headers: { 'X-PM-Message-Stream': 'broadcast' },
        }),
      },
      direct: { ...defaultDirect, returnPath: 'back+{{ verp }}@example.org' },
      dkim: { 'example.org': { selector: 'envoi', privateKeyFile } },
    },
  });
  // Signing takes real time, in threads that no fake clock knows.
  for (let nth = 0; nth < 1000 && (await h.state('c')) !== 'done'; nth++) await h.clock.advance(100);
  const mark = /^Message-ID: <([a-z2-7]{32})@/m.exec(seen.direct ?? '')?.[1];
  assert.deepEqual(from, ['ada@example.org', 'bounces@example.org', `back+${mark}@example.org`]);
  const signed = (name: string) => /^DKIM-Signature:/m.test(seen[name] ?? '');
  assert.deepEqual([signed('ses'), signed('postmark'), signed('direct')], [false, true, true]);
  const stream = (name: string) => /^X-PM-Message-Stream: broadcast\r?$/m.test(seen[name] ?? '');
  assert.deepEqual([stream('ses'), stream('postmark'), stream('direct')], [false, true, false]);
  const dates = Object.values(seen).map((head) => /^Date: .*$/m.exec(head)?.[0]);
  assert.equal(new Set(dates).size, 1);
  await h.close();
});
