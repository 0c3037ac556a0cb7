import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { domainToASCII } from 'node:url';
import { dkimVerify } from 'mailauth';
import { type Compiled, compileNewsletter } from '../../src/compose/compileNewsletter.ts';
import { createComposer } from '../../src/compose/createComposer.ts';
import { parseDocument } from '../../src/compose/document/document.ts';
import { readRecipients } from '../../src/compose/recipients/readRecipients.ts';
import type { Recipient, RefusedRow } from '../../src/shared/recipient.ts';
import { readSettingsFile } from '../../src/shared/settingsReader.ts';
import { context, parseMail } from './letter.ts';

const folder = join(import.meta.dirname, '../../examples');
const files = { read: (path: string) => readFile(join(folder, path)) };
const rows: Recipient[] = [];
const refused: RefusedRow[] = [];
let compiled: Compiled;

before(async () => {
  const { settings, findings } = readSettingsFile(
    await readFile(join(folder, 'settings.json'), 'utf8'),
    'settings.json',
    folder,
    [],
  );
  assert.deepEqual(findings, []);
  let fields: string[] = [];
  for await (const batch of readRecipients(createReadStream(join(folder, 'recipients.csv')), {
    file: 'recipients.csv',
  })) {
    fields = batch.header.fields.map((field) => field.name);
    rows.push(...batch.rows);
    refused.push(...batch.refused);
  }
  const document = parseDocument(await readFile(join(folder, 'newsletter.md'), 'utf8'), 'newsletter.md');
  compiled = await compileNewsletter({ document, settings, files, fields });
});

test('the example letter has no findings', () => {
  assert.deepEqual(compiled.findings, []);
  assert.deepEqual(compiled.assets.toSorted(), ['files/december-nights.ics', 'images/observatory.jpg']);
});

test('the example list has its duplicates and mistakes, all reported separately, and only reserved domains', () => {
  assert.equal(rows.length, 286);
  const reasons = refused.map((row) => row.reason).toSorted();
  assert.deepEqual(reasons, [
    'duplicate',
    'duplicate',
    'duplicate',
    'invalidAddress',
    'invalidAddress',
    'invalidAddress',
    'noAddress',
  ]);
  for (const { address } of rows) assert.match(address, /@(?:.+\.)?(?:example|invalid|example\.(?:org|com|net))$/);
});

test('every good row of the example becomes one well-formed, validly signed message', async () => {
  const { newsletter } = compiled;
  assert.ok(newsletter);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const dkim = {
    domain: 'observatory.example',
    selector: 'demo',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
  const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
  const composer = await createComposer(newsletter, files.read, context, dkim);
  const ids = new Set<string>();
  for (const row of rows) {
    const message = await composer.compose(row);
    ids.add(message.messageId);
    const { results } = await dkimVerify(Buffer.from(message.bytes), {
      resolver: async () => [[record]],
    } as Parameters<typeof dkimVerify>[1]);
    assert.equal(results[0]?.status.result, 'pass', row.address);
    const mail = await parseMail(message.bytes);
    const [to, ...others] = mail.to?.value ?? [];
    assert.deepEqual(others, []);
    // The parser shows domains in their own letters; the list has them as A-labels.
    assert.equal(to?.address.replace(/[^@]+$/, domainToASCII), row.address);
    assert.equal(mail.headerLines.length, 14, row.address);
    assert.equal(mail.attachments.length, 2);
    assert.doesNotMatch(String(mail.html), /<script|\{\{|\{%/);
  }
  assert.equal(ids.size, rows.length);
});
