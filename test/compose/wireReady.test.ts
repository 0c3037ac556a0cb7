import assert from 'node:assert/strict';
import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { messageIdLocal, unsubscribeToken } from '../../src/compose/message/identity.ts';
import { dotStuff } from '../../src/engine/delivery/dotStuff.ts';
import { isWireReady } from '../../src/shared/wireReady.ts';
import { randomly } from '../support/randomly.ts';
import { composerOf, context, parseMail, person, png, withSubject } from './letter.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const dkim = {
  domain: 'example.org',
  selector: 'envoi',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
};
const styled = `<!doctype html><html><head><style>
.one { color: red }
@media (max-width: 600px) {
.two { width: 100% }
.three{width:50%}
}
</style></head><body><p class="one two">.{{ a }}
.{{ b }}</p>
..</body></html>`;
const letters: Record<string, [text: string, wish: Parameters<typeof composerOf>[1]]> = {
  'a letter with pictures and a file': [
    withSubject('.hidden\n\n![x](a.png)\n\n```\n.\n..\n.{{ a }}\n```\n', 'attachments: [notes.txt]\n'),
    { files: { 'a.png': png, 'notes.txt': '.\r\n..\r\n.a\n.' }, dkim },
  ],
  'a styled document': [`<!--\n---\nsubject: .{{ a }}\n---\n-->\n${styled}`, { path: 'letter.html' }],
  'one that is encoded in base64': [withSubject(`.${'зима '.repeat(200)}\n\n.{{ a }}\n`), {}],
  'one with tags': [withSubject('{% if a %}.{{ a }}{% endif %}\n\n.{{ b }}\n'), {}],
};

for (const [name, [text, wish]] of Object.entries(letters))
  test(`${name} is sent as composed, whatever the cells contain`, async () => {
    const composer = await composerOf(text, wish);
    const random = randomly(11);
    const cell = () => Array.from({ length: random(120) }, () => '.. \r\nxé='[random(8)]).join('');
    for (let round = 0; round < 150; round++) {
      const { bytes } = await composer.compose(person({ a: cell(), b: cell() }));
      assert.ok(isWireReady(bytes));
      assert.deepEqual(dotStuff(bytes), Buffer.from(bytes));
    }
  });

test('a dot that begins a line arrives as one dot', async () => {
  const composer = await composerOf(withSubject('```\n.one\n..two\n.{{ a }}\n```\n'));
  const mail = await parseMail((await composer.compose(person({ a: '.three' }))).bytes);
  assert.match(mail.text ?? '', /^\.one\n\.\.two\n\.\.three$/m);
});

test('bytes changed after composing are not treated as ready', async () => {
  const { bytes } = await (await composerOf(withSubject('Hello'))).compose(person());
  assert.ok(!isWireReady(Buffer.concat([Buffer.from('X-A: b\r\n'), bytes])));
  assert.ok(!isWireReady(bytes.slice()));
});

test('Message-ID and token are the same for a key and for its bytes', () => {
  const { key } = context;
  for (const make of [messageIdLocal, unsubscribeToken])
    assert.equal(make(createSecretKey(key), 'c', 'a@b.example'), make(key, 'c', 'a@b.example'));
});
