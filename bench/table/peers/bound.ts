/**
 * What a message costs at least, and no product: static parts encoded once, slots filled, one signature, PIPELINING with
 * the next envelope behind the dot. No store, no retries, no check of what it is given; a failure ends it.
 *
 *   node bound.ts FOLDER LIST PORT CONNECTIONS [dkim]
 */
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const [folder = '', list = '', port, connections, dkim] = process.argv.slice(2);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const signed = promisify<string, Buffer, KeyObject, Buffer>(sign);
const key = dkim ? createPrivateKey(read('key.pem')) : null;

type Row = Record<string, string>;
/** Text, or the name of a field. */
type Piece = { fixed: string } | { field: string };

/** A template whose fixed text is encoded; each field stands on a line of its own between two soft breaks. */
function compiled(template: string): Piece[] {
  return template.split(/(\{\{.*?\}\})/).map((part) => {
    const field = /^\{\{-?\s*(\w+)/.exec(part)?.[1];
    return field ? { field } : { fixed: quotedPrintable(part.replaceAll('\n', '\r\n')) };
  });
}

function quotedPrintable(text: string): string {
  const octet = (byte: number) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  let [out, column] = ['', 0];
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 13 && bytes[at + 1] === 10) {
      [out, column] = [`${out}\r\n`, 0];
      at++;
      continue;
    }
    const plain = byte > 32 && byte < 127 && byte !== 61 && (byte !== 46 || column > 0);
    const inner = byte === 32 && column > 0 && bytes[at + 1] !== 13 && bytes[at + 1] !== 32;
    const written = plain || inner ? String.fromCharCode(byte) : octet(byte);
    if (column + written.length > 70) [out, column] = [`${out}=\r\n`, 0];
    out += column === 0 && written === '.' ? octet(byte) : written;
    column += written.length;
  }
  return out;
}

function filled(pieces: readonly Piece[], row: Row): string {
  let out = '';
  for (const piece of pieces)
    out += 'fixed' in piece ? piece.fixed : `=\r\n${quotedPrintable(row[piece.field] ?? '')}=\r\n`;
  return out;
}

const text = compiled(read('text.liquid'));
const html = compiled(read('html.liquid'));
const subject = read('subject.liquid');
const part = (type: string) =>
  `--bench\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
const [textHead, htmlHead] = [part('text/plain'), part('text/html')];
const date = new Date().toUTCString().replace('GMT', '+0000');

async function compose(row: Row, number: number): Promise<Buffer> {
  const values = { ...row, unsubscribe_url: `https://sender.example/leave?t=${number}` };
  const body = `${textHead}${filled(text, values)}\r\n${htmlHead}${filled(html, values)}\r\n--bench--\r\n`;
  const words = subject.replace(/\{\{ (\w+) \}\}/g, (_, name: string) => row[name] ?? '');
  const fields = [
    ['From', 'The Garden Letter <letter@sender.example>'],
    ['To', row.email ?? ''],
    ['Subject', `=?utf-8?B?${Buffer.from(words).toString('base64')}?=`],
    ['Date', date],
    ['Message-ID', `<${number}.bench@sender.example>`],
    ['List-Id', '<garden.sender.example>'],
    ['List-Unsubscribe', `<${values.unsubscribe_url}>`],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['MIME-Version', '1.0'],
    ['Content-Type', 'multipart/alternative; boundary=bench'],
  ] as const;
  const header = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  if (!key) return Buffer.from(`${header}\r\n${body}`, 'latin1');
  const hash = createHash('sha256').update(body, 'latin1').digest('base64');
  const names = fields.map(([name]) => name.toLowerCase()).join(':');
  const tag = `v=1; a=rsa-sha256; c=relaxed/simple; d=sender.example; s=bench; h=${names}; bh=${hash}; b=`;
  const canonical = fields.map(([name, value]) => `${name.toLowerCase()}:${value}\r\n`).join('');
  const signature = await signed('sha256', Buffer.from(`${canonical}dkim-signature:${tag}`, 'latin1'), key);
  const folded = signature.toString('base64').replace(/.{70}/g, '$&\r\n ');
  return Buffer.from(`DKIM-Signature: ${tag}${folded}\r\n${header}\r\n${body}`, 'latin1');
}

async function* rowsOf(file: string): AsyncGenerator<Row> {
  let [rest, names] = ['', [] as string[]];
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const cells = line.split(',');
      if (names.length === 0) names = cells;
      else yield Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
    }
  }
}

/** One connection: replies are only counted, and must be those of a server that takes everything. */
async function lane(next: () => Promise<{ to: string; bytes: Buffer } | null>): Promise<void> {
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  let [pending, wake] = ['', () => {}];
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    pending += chunk;
    wake();
  });
  const reply = async (code: string) => {
    for (;;) {
      const end = pending.search(/^\d{3} .*\r\n/m);
      if (end >= 0) {
        if (!pending.startsWith(code, end)) throw new Error(pending);
        pending = pending.slice(pending.indexOf('\n', end) + 1);
        return;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await reply('220');
  socket.write('EHLO bench.invalid\r\n');
  await reply('250');
  const envelope = (to: string) => `MAIL FROM:<letter@sender.example>\r\nRCPT TO:<${to}>\r\nDATA\r\n`;
  let message = await next();
  if (message) socket.write(envelope(message.to));
  let unanswered = false;
  while (message) {
    const coming: { to: string; bytes: Buffer } | null = await next();
    if (unanswered) await reply('250');
    for (const code of ['250', '250', '354']) await reply(code);
    socket.cork();
    socket.write(message.bytes);
    socket.write(`.\r\n${coming ? envelope(coming.to) : 'QUIT\r\n'}`);
    socket.uncork();
    unanswered = true;
    message = coming;
  }
  if (unanswered) await reply('250');
  socket.end();
}

const rows = rowsOf(list);
let number = 0;
const next = async () => {
  const { value, done } = await rows.next();
  return done ? null : { to: value.email ?? '', bytes: await compose(value, number++) };
};
await Promise.all(Array.from({ length: Number(connections) }, () => lane(next)));
