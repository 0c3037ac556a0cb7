import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { dkimVerify } from 'mailauth';
import { createAttachmentPaths } from '../../src/compose/attachmentPaths.ts';
import type { DkimKey } from '../../src/compose/newsletter.ts';
import { UserError } from '../../src/shared/errors.ts';
import { composerOf, context, parseMail, person, png, withSubject } from './letter.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');

const dkimOf = (key: KeyObject): DkimKey => ({
  domain: 'example.org',
  selector: 'envoi',
  privateKey: key.export({ type: 'pkcs8', format: 'pem' }) as string,
});

/** The verdict of a verifier that is not ours, over a DNS of one record. */
async function verify(bytes: Uint8Array, publicKey: KeyObject): Promise<string> {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const ed25519 = publicKey.asymmetricKeyType === 'ed25519';
  const record = `v=DKIM1; k=${ed25519 ? 'ed25519' : 'rsa'}; p=${(ed25519 ? der.subarray(-32) : der).toString('base64')}`;
  const { results } = await dkimVerify(Buffer.from(bytes), {
    resolver: async (name: string) => {
      assert.equal(name, 'envoi._domainkey.example.org');
      return [[record]];
    },
  } as Parameters<typeof dkimVerify>[1]);
  assert.equal(results.length, 1);
  return results[0]?.status.result ?? 'none';
}

const letter = withSubject(
  `# Hello {{ first_name }}

A  paragraph   with   runs of spaces, a tab\there and accents: é à ü.   \nSecond line.

    code  block   with    spaces

![A dot](img/dot.png) and again ![the dot](./img/dot.png)

| a | b |
| - | - |
| {{ first_name }} | 2 |
`,
  'attachments: [files/programme.pdf]\n',
);
const files = { 'img/dot.png': png, 'files/programme.pdf': 'a document' };

test('a message has alternative in related in mixed, each image and file once', async () => {
  const composer = await composerOf(letter, { files });
  const { bytes } = await composer.compose(person({ first_name: 'Zoé' }));
  const raw = Buffer.from(bytes).toString('latin1');
  const types = [...raw.matchAll(/^Content-Type: ([^;\r]+)/gm)].map((match) => match[1]);
  assert.deepEqual(types, [
    'multipart/mixed',
    'multipart/related',
    'multipart/alternative',
    'text/plain',
    'text/html',
    'image/png',
    'application/pdf',
  ]);
  const mail = await parseMail(bytes);
  assert.equal(mail.attachments.length, 2);
  assert.deepEqual(
    mail.attachments.map((attachment) => [attachment.filename, attachment.contentType, attachment.related === true]),
    [
      ['dot.png', 'image/png', true],
      ['programme.pdf', 'application/pdf', false],
    ],
  );
  assert.ok(mail.attachments[0]?.content.equals(png));
  assert.equal(mail.attachments[1]?.content.toString(), 'a document');
  assert.equal((String(mail.html).match(new RegExp(`cid:${mail.attachments[0]?.cid}`, 'g')) ?? []).length, 2);
});

test('compose puts exactly what render shows into the message', async () => {
  const composer = await composerOf(
    withSubject(
      `Dear {{ name }},\n\n{% if name == "Zoé" %}\nonly for you\n{% endif %}\n\n- {{ name }}\n\n{{ long }}`,
      'preheader: "For {{ name }}"\ntoName: "{{ name }}"\n',
    ),
  );
  for (const fields of [
    { name: 'Zoé', long: 'x'.repeat(3000) },
    { name: '', long: '= =20 \t tab\r\nnew\rold\nunix  ' },
    { name: '美咲', long: '👩‍🚀'.repeat(200) },
  ]) {
    const shown = await composer.render(person(fields));
    const mail = await parseMail((await composer.compose(person(fields))).bytes);
    const lines = (text: string) => text.replace(/\r\n?/g, '\n').trimEnd();
    assert.equal(mail.subject, shown.subject);
    assert.equal(lines(String(mail.html)), lines(shown.html));
    assert.equal(lines(mail.text ?? ''), lines(shown.text));
    assert.equal(mail.to?.value[0]?.address, 'eve@example.com');
    assert.equal(mail.to?.value[0]?.name, fields.name);
    assert.ok(shown.html.includes(shown.preheader));
  }
});

test('the letter has all its headers, and the same ones at every retry', async () => {
  const composer = await composerOf(letter, { files, settings: { feedbackId: 'nov:news:envoi:garden' } });
  const first = await composer.compose(person());
  const again = await (await composerOf(letter, { files, settings: { feedbackId: 'nov:news:envoi:garden' } })).compose(
    person(),
  );
  assert.deepEqual(Buffer.from(first.bytes), Buffer.from(again.bytes));
  const head = Buffer.from(first.bytes).toString('latin1').split('\r\n\r\n')[0] ?? '';
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1]?.replace('\r', '');
  assert.equal(header('From'), 'Ada Byron <ada@example.org>');
  assert.equal(header('To'), 'eve@example.com');
  assert.equal(header('Date'), 'Mon, 23 Nov 2026 09:30:00 +0000');
  assert.equal(header('List-Id'), '<news.example.org>');
  assert.equal(header('Feedback-ID'), 'nov:news:envoi:garden');
  assert.equal(header('List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click');
  assert.match(
    header('List-Unsubscribe') ?? '',
    /^<https:\/\/example\.org\/leave\?t=[\w-]{43}>, <mailto:leave@example\.org\?subject=unsubscribe%20[\w-]{43}>$/,
  );
  assert.match(head, /^Message-ID: <[a-z2-7]{32}@example\.org>$/m);
  assert.equal(first.messageId, /<[^>]+@example\.org>/.exec(/Message-ID:[^\r]*/.exec(head)?.[0] ?? '')?.[0]);
});

test('one-click is only offered with an https link unique to the reader', async () => {
  for (const [unsubscribe, post] of [
    [{ url: 'http://example.org/l?t={{ token }}', mailto: 'leave@example.org' }, false],
    [{ url: '', mailto: 'leave@example.org' }, false],
    [{ url: 'https://example.org/l?t={{ token }}', mailto: '' }, true],
    [{ url: 'https://example.org/l?t={{ token | slice: 0, 12 }}', mailto: '' }, true],
    [{ url: 'https://example.org/l', mailto: '' }, false],
    [{ url: 'https://example.org/l?c={{ campaign }}', mailto: '' }, false],
    [{ url: 'https://example.org/l?e={{ email }}', mailto: '' }, false],
    [{ url: 'https://example.org/l?e={{ address | upcase }}&t={{ token }}', mailto: '' }, false],
    [{ url: 'https://example.org/l?e={{ email | url_encode }}&t={{ token }}', mailto: '' }, false],
    [{ url: 'https://example.org/l?e={{ email | base64_encode }}&t={{ token }}', mailto: '' }, false],
  ] as const) {
    const { bytes } = await (await composerOf(withSubject('x'), { settings: { unsubscribe } })).compose(person());
    const raw = Buffer.from(bytes).toString('latin1');
    assert.equal(raw.includes('List-Unsubscribe-Post'), post, unsubscribe.url);
    assert.ok(raw.includes('List-Unsubscribe: '));
  }
});

test('Message-ID and token differ by recipient and by campaign, and reveal nothing', async () => {
  const ids = new Set<string>();
  for (const campaign of ['a', 'b']) {
    const composer = await composerOf(withSubject('x'), { context: { campaign } });
    for (const address of ['eve@example.com', 'adam@example.com']) {
      const message = await composer.compose(person({}, address));
      ids.add(message.messageId);
      assert.doesNotMatch(message.messageId, /eve|adam/);
    }
  }
  assert.equal(ids.size, 4);
});

test('lines are CRLF, at most 78 characters in the head and 76 in the body', async () => {
  const subject =
    'Ein sehr langer Betreff mit Umlauten: äöüß und noch viel mehr Wörter, damit gefaltet werden muss 日本語のとても長い件名です';
  const composer = await composerOf(letter.replace('A letter', JSON.stringify(subject)), { files });
  const { bytes } = await composer.compose(person({ first_name: 'é'.repeat(5000) }));
  const raw = Buffer.from(bytes).toString('latin1');
  assert.doesNotMatch(raw, /\r(?!\n)|(?<!\r)\n/);
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  for (const line of head.split('\r\n')) assert.ok(line.length <= 78 || /^(?:List-Unsubscribe): /.test(line), line);
  for (const line of rest.join('\r\n\r\n').split('\r\n')) assert.ok(line.length <= 76, `${line.length}: ${line}`);
  assert.equal((await parseMail(bytes)).subject, subject);
});

test('a letter in Chinese is sent in base64 and decodes without loss', async () => {
  const composer = await composerOf(
    withSubject(`# 你好，{{ name }}\n\n${'观测站的十一月通讯，欢迎阅读。'.repeat(200)}`, 'layout: none\n'),
  );
  const shown = await composer.render(person({ name: '李雷' }));
  const { bytes } = await composer.compose(person({ name: '李雷' }));
  const mail = await parseMail(bytes);
  assert.match(Buffer.from(bytes).toString('latin1'), /text\/html; charset=utf-8\r\nContent-Transfer-Encoding: base64/);
  assert.equal(String(mail.html).replace(/\r\n/g, '\n').trimEnd(), shown.html.trimEnd());
});

for (const [name, pair] of [
  ['rsa-sha256', rsa],
  ['ed25519-sha256', ed],
] as const) {
  test(`a ${name} signature is valid to another's verifier`, async () => {
    const composer = await composerOf(letter, {
      files,
      dkim: dkimOf(pair.privateKey),
      settings: { feedbackId: 'a:b:c:sender' },
    });
    for (const first of ['Zoé', '  two  spaces  ', '', 'trailing \n lines \n\n\n', '👩‍🚀 عربى']) {
      const { bytes } = await composer.compose(person({ first_name: first }));
      assert.equal(await verify(bytes, pair.publicKey), 'pass', JSON.stringify(first));
    }
  });
}

test('the signature covers list headers, and a second From or Subject breaks it', async () => {
  const composer = await composerOf(letter, { files, dkim: dkimOf(rsa.privateKey) });
  const { bytes } = await composer.compose(person());
  const raw = Buffer.from(bytes).toString('latin1');
  const names = (/h=([^;]+);/.exec(raw)?.[1] ?? '').replace(/\s/g, '').split(':');
  for (const name of [
    'from',
    'to',
    'subject',
    'date',
    'message-id',
    'list-unsubscribe',
    'list-unsubscribe-post',
    'list-id',
  ])
    assert.equal(names.filter((one) => one === name).length, 2, name);
  for (const added of [
    'Subject: other\r\n',
    'From: x@example.net\r\n',
    'List-Unsubscribe: <https://evil.example/>\r\n',
    'Reply-To: x@example.net\r\n',
  ])
    assert.notEqual(await verify(Buffer.from(added + raw, 'latin1'), rsa.publicKey), 'pass', added);
  assert.notEqual(
    await verify(Buffer.from(raw.replace('Content-Transfer', 'content-transfer'), 'latin1'), rsa.publicKey),
    'pass',
  );
});

test('many messages signed at once are all valid: they share no buffer', async () => {
  const composer = await composerOf(letter, { files, dkim: dkimOf(rsa.privateKey) });
  const people = Array.from({ length: 40 }, (_, index) =>
    person({ first_name: 'x'.repeat(index * 50) }, `r${index}@example.com`),
  );
  const messages = await Promise.all(people.map((one) => composer.compose(one)));
  for (const [index, message] of messages.entries()) {
    assert.equal(message.to, `r${index}@example.com`);
    assert.equal(await verify(message.bytes, rsa.publicKey), 'pass');
  }
});

test('a key that cannot sign is refused before any message is made', async () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 768 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const keys = [
    dkimOf(short),
    dkimOf(ec),
    { ...dkimOf(rsa.privateKey), privateKey: 'not a key' },
    { ...dkimOf(rsa.privateKey), selector: 'a;b' },
  ];
  for (const dkim of keys)
    await assert.rejects(
      composerOf(letter, { files, dkim }),
      (error) => error instanceof UserError && error.code === 'dkimKey',
    );
});

test('a missing pinned file is an error, not a letter without it', async () => {
  const composer = await composerOf(withSubject('x', 'attachments: ["bills/{{ number }}.pdf"]\n'), {
    files: { 'bills/1.pdf': 'one' },
  });
  const mail = await parseMail((await composer.compose(person({ number: '1' }))).bytes);
  assert.equal(mail.attachments[0]?.filename, '1.pdf');
  await assert.rejects(
    composer.compose(person({ number: '2' })),
    (error) => error instanceof UserError && error.code === 'missing',
  );
  await assert.rejects(composer.compose(person({ number: '../../etc/passwd' })), (error) => error instanceof UserError);
});

test('paths that differ by recipient can be listed beforehand, to pin the files', async () => {
  const { newsletter } = await composerOf(
    withSubject('x', 'attachments: ["bills/{{ number }}.pdf", "{% if vip %}vip.pdf{% endif %}", "all.pdf"]\n'),
    { files: { 'all.pdf': 'x' } },
  );
  const pathsOf = createAttachmentPaths(newsletter);
  assert.deepEqual(pathsOf?.(person({ number: '7' })), ['bills/7.pdf']);
  assert.deepEqual(pathsOf?.(person({ number: '8', vip: '1' })), ['bills/8.pdf', 'vip.pdf']);
  assert.equal(createAttachmentPaths({ ...newsletter, attachments: [{ path: 'all.pdf' }] }), null);
});

test('attachment names with accents and quotes survive', async () => {
  const names = ['Été à la mer.pdf', 'a "quoted" name.pdf', `${'long-'.repeat(30)}.pdf`, '日本語の資料.pdf'];
  for (const name of names) {
    const composer = await composerOf(withSubject('x', `attachments: [${JSON.stringify(name)}]\n`), {
      files: { [name]: 'x' },
    });
    assert.equal((await parseMail((await composer.compose(person())).bytes)).attachments[0]?.filename, name);
  }
});

test('a head with an address beyond ASCII is signed as it goes out, in UTF-8', async () => {
  const signing = await composerOf(withSubject('x'), { dkim: dkimOf(rsa.privateKey) });
  for (const address of ['éve@bücher.example', '用户@example.com']) {
    const { bytes } = await signing.compose(person({}, address));
    assert.equal(await verify(bytes, rsa.publicKey), 'pass', address);
    assert.ok(Buffer.from(bytes).includes(Buffer.from(`${address.split('@')[0]}@`)), address);
  }
});

test('addresses: domains become A-labels, local parts beyond ASCII stay as they are', async () => {
  const composer = await composerOf(withSubject('x'));
  assert.equal((await composer.compose(person({}, 'eve@bücher.example'))).to, 'eve@xn--bcher-kva.example');
  const { to, bytes } = await composer.compose(person({}, 'éve@bücher.example'));
  assert.equal(to, 'éve@xn--bcher-kva.example');
  assert.match(Buffer.from(bytes).toString(), /^To: .*éve@xn--bcher-kva\.example>?\r$/m);
  for (const address of [
    '',
    'eve',
    'a b@example.com',
    'eve@example.com>\r\nRCPT TO:<x@example.net',
    'eve@-a.example',
    '@example.com',
    'eve@exa mple.com',
  ])
    await assert.rejects(composer.compose(person({}, address)), (error) => error instanceof UserError, address);
});

test("the date of a template is the campaign's, not the day of the retry", async () => {
  const composer = await composerOf(withSubject(`{{ "now" | date: "%Y-%m-%d" }}`), {
    context: { date: Date.UTC(2020, 1, 3, 12) },
  });
  assert.match((await composer.render(person())).html, /2020-02-03/);
  assert.equal(context.date, Date.UTC(2026, 10, 23, 9, 30, 0));
});
