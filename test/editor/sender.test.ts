import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'jsonc-parser';
import { parseSettings, readParsedSettings } from '../../src/shared/settingsReader.ts';
import { DnsServer } from '../support/dnsServer.ts';
import { openEditor } from './harness/openEditor.ts';

const letter = `---
subject: Spring in the garden
from: Ada <ada@sender.example>
kind: internal
recipients: list.csv
---

Hello.
`;

const office = { host: 'smtp.gmail.com', port: 465, security: 'tls', user: 'ada', auth: 'password', dkim: 'own' };

for (const locale of ['en', 'fr'] as const) {
  test(`a sender goes from failed to passed on the page, as its zone changes (${locale})`, async (t) => {
    const dns = await DnsServer.start({
      'sender.example': { MX: [{ preference: 10, exchange: 'mx.sender.example' }] },
      'gmail.com': { MX: [{ preference: 10, exchange: 'mx.gmail.example' }] },
    });
    t.after(() => dns.close());
    const editor = await openEditor(t, {
      files: { 'spring.md': letter, 'list.csv': 'email\nann@post.example\n' },
      settings: {
        'envoi.from': 'Ada <ada@sender.example>',
        'envoi.servers': { office },
        'envoi.route': ['office'],
        'envoi.direct': { dnsServers: [dns.name] },
      },
      locale,
    });
    const words = locale === 'fr' ? french : english;
    const page = async () => (await editor.frameWith('.before h1')).locator('body');
    await editor.openFile('spring.md');
    await editor.runCommand(words.check);
    await (await page()).locator('li.failed', { hasText: 'v=spf1 include:_spf.google.com ~all' }).waitFor();
    await (await page()).locator('li.failed', { hasText: 'v=DMARC1; p=none' }).waitFor();
    await (await page()).locator('li', { hasText: words.gone }).waitFor();
    await editor.screenshot(locale === 'fr' ? 'senderBad.fr' : 'senderBad');

    // The key is made, and Envoi looks until its record is there.
    await editor.runCommand(words.setUp);
    await editor.answer('sender.example');
    const record = await editor.dialogText();
    const value = /v=DKIM1; k=rsa; p=[A-Za-z0-9+/=]+/.exec(record)?.[0];
    assert.ok(value, record);
    await editor.pressButton(words.copy);
    dns.zone['envoi._domainkey.sender.example'] = { TXT: [value] };
    await editor.notification(words.yours).waitFor();
    const written = await editor.settingsText();
    const where = { file: 'settings.json', baseDir: '/', providers: [] };
    const { settings } = readParsedSettings(parseSettings(written, 'settings.json'), where);
    const file = settings.dkim['sender.example']?.privateKeyFile ?? '';
    assert.equal(file, join(editor.state, 'dkim', 'sender.example.envoi.pem'));
    assert.match(await readFile(file, 'utf8'), /PRIVATE KEY/);
    assert.deepEqual(
      (await readdir(editor.workspace)).filter((name) => name.endsWith('.pem')),
      [],
    );
    assert.ok(parse(written)['envoi.dkim']);

    dns.zone['sender.example'] = { ...dns.zone['sender.example'], TXT: ['v=spf1 include:_spf.google.com ~all'] };
    dns.zone['post.example'] = { MX: [{ preference: 10, exchange: 'mx.post.example' }] };
    dns.zone['_spf.google.com'] = { TXT: ['v=spf1 ip4:192.0.2.0/24 ~all'] };
    dns.zone['_dmarc.sender.example'] = { TXT: ['v=DMARC1; p=none'] };
    await editor.openFile('spring.md');
    await editor.runCommand(words.check);
    await (await page()).locator('li.passed', { hasText: words.result }).waitFor();
    assert.equal(await (await page()).locator('li.failed').count(), 0);
    assert.equal(await (await page()).locator('li', { hasText: words.gone }).count(), 0);
    await editor.screenshot(locale === 'fr' ? 'senderGood.fr' : 'senderGood');
  });
}

const english = {
  gone: 'The domain post.example does not exist: mail to 1 address cannot arrive (list.csv:2).',
  check: 'Envoi: Check Sender',
  setUp: 'Envoi: Set Up DKIM…',
  copy: 'Copy Value',
  yours: 'is yours (2,048 bits)',
  result: 'DMARC passes via “office”',
};
const french = {
  gone: 'Le domaine post.example n’existe pas : le courrier pour 1 adresse ne peut pas arriver (list.csv:2).',
  check: 'Envoi: Vérifier l’expéditeur',
  setUp: 'Envoi: Configurer DKIM…',
  copy: 'Copier la valeur',
  yours: 'est la vôtre',
  result: 'Via « office », DMARC passe',
};
