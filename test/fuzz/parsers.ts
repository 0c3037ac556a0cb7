import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { parseDocument } from '../../src/compose/document/document.ts';
import { readRecipients } from '../../src/compose/recipients/readRecipients.ts';
import { decodeMessage, MalformedDns } from '../../src/engine/delivery/dnsWire.ts';
import { ReplyReader } from '../../src/engine/delivery/replyReader.ts';
import { FrameLimit } from '../../src/protocol/frameLimit.ts';
import { parseMailbox } from '../../src/shared/address.ts';
import { UserError } from '../../src/shared/errors.ts';
import { readSettingsFile } from '../../src/shared/settingsReader.ts';
import { compile, composerOf, person } from '../compose/letter.ts';

/** Every parser that reads what strangers wrote. Each refuses in words or by a type of its own; anything else it throws is a fault. */
export const parsers = {
  mailbox: (text) => parseMailbox(text),
  csv: async (text) => {
    let rows = 0;
    for await (const batch of readRecipients(streamed(Buffer.from(text)), { file: 'list.csv' }))
      rows += batch.rows.length;
    return rows;
  },
  frontMatter: (text) => parseDocument(`---\n${text}\n---\nHello.\n`, 'letter.md'),
  document: (text) => parseDocument(text, 'letter.html'),
  markdown: (text) => letterOf(text, 'letter.md'),
  html: (text) => letterOf(text, 'letter.html'),
  css: (text) => letterOf(`<style>${text}</style><p class="a">Hello.</p>`, 'letter.html'),
  liquid: (text) => letterOf(`Hello {{ ${text} }} {% ${text} %}`, 'letter.md'),
  cell: async (text) => {
    const composer = await composerOf(`---\nsubject: "Hello {{ name }}"\nkind: internal\n---\n{{ name }}, hello.\n`);
    return composer.compose(person({ name: text }));
  },
  smtpReplies: (text) => {
    const reader = new ReplyReader();
    for (const piece of inPieces(Buffer.from(text))) if (reader.push(piece).malformed !== '') return;
  },
  dns: (text) => {
    try {
      decodeMessage(Buffer.from(text, 'latin1'));
    } catch (error) {
      if (!(error instanceof MalformedDns)) throw error;
    }
  },
  pipe: (text) => {
    const socket = Object.assign(new EventEmitter(), { destroy() {} });
    new FrameLimit(socket as unknown as Socket, 1000);
    for (const piece of inPieces(Buffer.from(text))) socket.emit('data', piece);
  },
  settings: (text) => readSettingsFile(text, 'envoi.json', '/', []),
} satisfies Record<string, (text: string) => unknown>;

export type Parser = keyof typeof parsers;
export const names = Object.keys(parsers) as Parser[];

/** Runs a parser; a refusal in words is as good as an answer. */
export async function parse(name: Parser, text: string): Promise<void> {
  try {
    await parsers[name](text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

async function letterOf(text: string, path: string): Promise<unknown> {
  return compile(`---\nsubject: Hello\nkind: internal\n---\n${text}\n`, { path });
}

function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

async function* streamed(bytes: Buffer): AsyncGenerator<Buffer> {
  yield* inPieces(bytes);
}
