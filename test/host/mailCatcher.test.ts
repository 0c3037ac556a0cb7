import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MailCatcher, readCaught, readCaughtLine } from '../../src/catcher/index.ts';
import { eve, filesOf, letterOf } from '../media/previewPage.ts';

async function start(t: TestContext, options: Partial<Parameters<typeof MailCatcher.start>[0]> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-catcher-'));
  const catcher = await MailCatcher.start({ folder, ...options });
  t.after(async () => {
    await catcher.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { catcher, folder };
}

/** Writes everything at once, in pieces of the given size, and reads until the server has said goodbye. */
async function converse(port: number, text: string, piece = text.length): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').setNoDelay(true);
  let said = '';
  socket.on('data', (part: string) => {
    said += part;
  });
  await once(socket, 'connect');
  for (let at = 0; at < text.length; at += piece) socket.write(text.slice(at, at + piece), 'latin1');
  await once(socket, 'close');
  return said.trim().split('\r\n');
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const lines = (...all: string[]) => `${all.join('\r\n')}\r\n`;
const one = lines('EHLO me', 'MAIL FROM:<a@b.example>', 'RCPT TO:<ada@post.example>', 'DATA');

test('a letter is on disk, byte for byte, before it is accepted, however its pieces arrive', async (t) => {
  const body = lines('Subject: x', '', 'text', '.', '..', '.hidden', '');
  const stuffed = body.replace(/^\./gm, '..');
  for (const piece of [1000, 7, 1]) {
    const { catcher, folder } = await start(t);
    const said = await converse(catcher.port, `${one}${stuffed}.\r\n${lines('QUIT')}`, piece);
    assert.deepEqual(said.slice(-3), ['354 End with a dot on a line of its own', '250 2.0.0 Caught', '221 2.0.0 Bye']);
    const [file = ''] = await readdir(folder);
    assert.match(file, /ada@post\.example\.eml$/);
    assert.equal(await readFile(join(folder, file), 'latin1'), body, `in pieces of ${piece}`);
  }
});

test('an empty message, a refused recipient and commands out of order are answered, and nothing is stored', async (t) => {
  const { catcher, folder } = await start(t, { refuse: () => ({ code: 550, text: '5.1.1 unknown' }) });
  const said = await converse(
    catcher.port,
    lines('RCPT TO:<x@y.example>', 'DATA', 'MAIL FROM:<>', 'RCPT TO:<x@y.example>', 'DATA', 'WHAT', 'RSET', 'QUIT'),
  );
  assert.deepEqual(
    said.map((line) => line.slice(0, 3)),
    ['220', '503', '503', '250', '550', '503', '502', '250', '221'],
  );
  assert.deepEqual(await readdir(folder), []);
  const empty = await start(t);
  await converse(empty.catcher.port, `${one}.\r\n${lines('QUIT')}`);
  assert.equal((await readdir(empty.folder)).length, 1);
});

test('only the newest letters are kept', async (t) => {
  const { catcher, folder } = await start(t, { keep: 10 });
  const many = lines('MAIL FROM:<>', 'RCPT TO:<x@y.example>', 'DATA', 'Subject: x', '', '.').repeat(50);
  await converse(catcher.port, `${lines('EHLO me')}${many}${lines('QUIT')}`);
  await catcher.close();
  const files = (await readdir(folder)).sort();
  assert.equal(files.length, 10);
  assert.match(files.at(-1) ?? '', /-00050-/);
});

test('a caught letter is read in its parts as the composer made them', async () => {
  const files = filesOf({ 'dot.png': png, 'programme.pdf': '%PDF-1.4' });
  const text =
    '---\nsubject: Très bien, {{ first_name }}\nattachments: [programme.pdf]\n---\n# Hello\n\n![A dot](dot.png)\n';
  const letter = await letterOf(text, files);
  const bytes = await letter.source(eve);
  const read = await readCaught('1.eml', bytes);
  assert.equal(read.subject, 'Très bien, Eve');
  assert.match(read.html, /<h1[^>]*>Hello/);
  assert.match(read.text, /hello/i);
  assert.deepEqual(
    read.attachments.map(({ name }) => name),
    ['programme.pdf'],
  );
  assert.deepEqual(
    read.images.map(({ mime }) => mime),
    ['image/png'],
  );
  assert.ok(read.html.includes(`cid:${read.images[0]?.cid}`));
  assert.deepEqual(await readCaughtLine('1.eml', bytes), {
    id: '1.eml',
    from: read.from,
    to: read.to,
    subject: read.subject,
    date: read.date,
  });
});
