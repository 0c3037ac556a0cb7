import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { type ParsedMail, simpleParser } from 'mailparser';
import { type Received, SmtpServer } from '../support/smtpServer.ts';
import { type Finished, jsonLines, runCli } from './runCli.ts';

/** Rows as Excel in French writes them, good and bad; the hostile ones try to leave their cell. */
const rows: [address: string, name: string, note: string][] = [
  ['élo die@example.org', 'Élodie', 'refused: a blank before the @'],
  ['zoe@example.org', 'Zoé Ünïçödé', 'accents'],
  ['ZOE@example.org', 'Zoé again', 'refused: same address in capitals'],
  ['li@bücher.example', '李小龍', 'an IDN domain and CJK'],
  ['noor@example.net', 'نور الهدى', 'right to left'],
  ['quote@example.net', 'Anne "Nan" O\'Neill & <b>Sons</b>', 'quotes, ampersand and tags'],
  ['lines@example.net', 'Two\r\nlines', 'a quoted line end'],
  ['header@example.net', 'Eve\r\nBcc: victim@example.com\r\n\r\n<h1>Owned</h1>', 'header-like text'],
  ['liquid@example.net', '{{ address }}{% for i in (1..9) %}x{% endfor %}', 'Liquid'],
  ['script@example.net', '<script>alert(1)</script><img src=x onerror=alert(2)>', 'script'],
  ['empty@example.net', '', 'an empty cell'],
  ['not an address', 'Nobody', 'refused: no @'],
  ['two@example.org, three@example.org', 'Two', 'refused: two addresses'],
  ['rcpt@example.org> NOTIFY=NEVER', 'Smuggler', 'refused: a command in an address'],
  ['crlf@example.org\r\nRCPT TO:<victim@example.com>', 'Smuggler', 'refused: a command behind a line end'],
  ['', 'No address', 'refused: empty'],
  ['dots@example.org', '.\r\n.\r\nMAIL FROM:<x@example.com>', 'a lone dot'],
];
const good = rows.filter(([, , note]) => !note.startsWith('refused'));

const letter = `---
subject: "Bonjour {{ prenom | default: 'vous' }}"
preheader: "Pour {{ prenom }}"
from: "Envoi Démo <lettre@sender.example>"
recipients: liste.csv
---
# Bonjour {{ prenom | default: "vous" }}

| Qui | Note |
| --- | --- |
| {{ prenom }} | {{ note }} |

.
Un point seul sur sa ligne. [Un lien](https://www.example.org/?q={{ prenom | url_encode }})
`;

describe('a list as French Excel writes it', () => {
  let folder = '';
  let server: SmtpServer;
  let result: Finished;
  let summary: Record<string, unknown>;
  const received = new Map<string, Received[]>();
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const dnsKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'envoi-excel-'));
    server = await SmtpServer.start();
    const cell = (text: string) => (/[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const lines = rows.map((row) => row.map(cell).join(';'));
    await writeFile(join(folder, 'liste.csv'), `\ufeff Courriel ; Prénom;Note\r\n${lines.join('\r\n')}\r\n`);
    await writeFile(join(folder, 'lettre.md'), letter.replaceAll('prenom', 'prénom'));
    await writeFile(join(folder, 'dkim.pem'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const settings = {
      'envoi.servers': { catcher: { host: '127.0.0.1', port: server.port, security: 'none', auth: 'none' } },
      'envoi.route': ['catcher'],
      'envoi.dkim': { 'sender.example': { selector: 'envoi', privateKeyFile: 'dkim.pem' } },
      'envoi.unsubscribe': { mailto: 'leave@sender.example', url: 'https://sender.example/leave?t={{ token }}' },
      'envoi.postalAddress': '1 rue de la Poste, 75001 Paris',
      'envoi.listId': 'lettre.sender.example',
    };
    await writeFile(join(folder, 'envoi.json'), JSON.stringify(settings));
    const args = ['send', 'lettre.md', '--config', 'envoi.json', '--state', join(folder, 'state'), '--yes', '--json'];
    result = await runCli(args, { cwd: folder });
    summary = jsonLines(result.stdout).at(-1) ?? {};
    for (const message of server.messages) {
      const to = message.to[0] ?? '';
      received.set(to, [...(received.get(to) ?? []), message]);
    }
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const addressOf = (written: string) => written.replace('bücher.example', 'xn--bcher-kva.example');

  it('goes out as exactly one message per good row', () => {
    assert.equal(result.stderr, '');
    assert.equal(result.code, 0);
    assert.deepEqual([...received.keys()].sort(), good.map(([address]) => addressOf(address)).sort());
    assert.ok([...received.values()].every((messages) => messages.length === 1));
    assert.equal(summary.sent, good.length);
  });

  it('keeps every refused row in the report', async () => {
    assert.equal(summary.invalid, rows.length - good.length - 1);
    assert.equal(summary.duplicate, 1);
  });

  for (const [written, name, note] of good) {
    it(`is well formed and signed for the row with ${note}`, async () => {
      const message = received.get(addressOf(written))?.[0];
      assert.ok(message);
      assert.equal(message.to.length, 1);
      assertWire(message.data);
      const verified = await dkimVerify(message.data, {
        resolver: async (query: string) => {
          assert.equal(query, 'envoi._domainkey.sender.example');
          return [[`v=DKIM1; k=rsa; p=${dnsKey}`]];
        },
      });
      assert.deepEqual(
        verified.results.map((item: { status: { result: string } }) => item.status.result),
        ['pass'],
      );
      const mail = await simpleParser(message.data);
      assertMail(mail, addressOf(written), name);
    });
  }

  function assertWire(data: Buffer): void {
    const text = data.toString('latin1');
    assert.ok(!/[^\r]\n|\r[^\n]/.test(text), 'only CRLF ends lines');
    assert.ok(
      text.split('\r\n').every((line) => line.length <= 998),
      'no line over 998 octets',
    );
    assert.ok(/^[\t\r\n -~]*$/.test(text), 'seven bits');
  }

  function assertMail(mail: ParsedMail, address: string, name: string): void {
    const to = Array.isArray(mail.to) ? [] : (mail.to?.value ?? []);
    assert.deepEqual(
      to.map((item) => addressOf(item.address ?? '')),
      [address],
    );
    assert.equal(mail.cc, undefined);
    assert.equal(mail.bcc, undefined);
    assert.equal(mail.headers.has('bcc'), false);
    assert.equal(mail.from?.value[0]?.address, 'lettre@sender.example');
    assert.equal(mail.from?.value[0]?.name, 'Envoi Démo');
    const oneLine = name.replace(/\s+/g, ' ').trim();
    assert.equal(mail.subject?.replace(/\s+/g, ' '), oneLine === '' ? 'Bonjour vous' : `Bonjour ${oneLine}`);
    assert.ok(mail.headers.has('list-unsubscribe-post') || mail.headers.has('list'));
    const html = String(mail.html);
    assert.ok(!/<script|<h1>Owned|<b>Sons|<img src=x|onerror=alert\(2\)>/.test(html), 'a cell became markup');
    if (name !== '') {
      const escaped = oneLine.split(' ')[0]?.replaceAll('&', '&amp;').replaceAll('<', '&lt;') ?? '';
      assert.ok(
        html.includes(escaped.slice(0, 12)) || html.includes('&quot;') || html.includes('&#'),
        'the name is there',
      );
      assert.ok(
        mail.text?.replace(/\s+/g, ' ').includes(oneLine.slice(0, 20)),
        'the name is in the text part, as it is',
      );
    }
  }
});
