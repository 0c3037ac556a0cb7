import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { FrameLimit } from '../../src/protocol/frameLimit.ts';

class FakeSocket extends EventEmitter {
  destroyed = false;
  destroy(): void {
    this.destroyed = true;
  }
}

const frame = (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`;

/** Feeds a text in pieces of every size; true when the connection survived all of them. */
function survives(text: string, max: number): boolean {
  const results = new Set<boolean>();
  for (const size of [1, 2, 3, 7, 19, 64, 1_000_000]) {
    const socket = new FakeSocket();
    new FrameLimit(socket as unknown as Socket, max);
    for (let at = 0; at < text.length && !socket.destroyed; at += size)
      socket.emit('data', Buffer.from(text.slice(at, at + size), 'latin1'));
    results.add(!socket.destroyed);
  }
  assert.equal(results.size, 1, 'it must not depend on how the text is cut');
  return results.has(true);
}

describe('the limit on messages', () => {
  const rows: [name: string, text: string, max: number, ok: boolean][] = [
    ['lets one pass', frame('hello'), 5, true],
    ['lets many pass', frame('hello').repeat(100), 5, true],
    ['lets an empty one pass', frame('') + frame('x'), 5, true],
    ['lets a body that looks like headers pass', frame('Content-Length: 999\r\n\r\n'.repeat(20)), 1_000, true],
    ['takes a second header line', 'Content-Length: 2\r\nContent-Type: a/b\r\n\r\n{}', 5, true],
    ['takes any case', 'content-length: 2\r\n\r\n{}', 5, true],
    ['ends one that is too large', frame('hello!'), 5, false],
    ['ends one that is too large behind good ones', frame('hi').repeat(9) + frame('hello!'), 5, false],
    ['ends a header without a size', 'X-Size: 3\r\n\r\nabc', 5, false],
    ['ends a negative size', 'Content-Length: -1\r\n\r\n', 5, false],
    ['ends a size beyond numbers', `Content-Length: ${'9'.repeat(30)}\r\n\r\n`, 5, false],
    ['ends an endless header', 'a'.repeat(10_000), 5, false],
  ];
  for (const [name, text, max, ok] of rows) it(name, () => assert.equal(survives(text, max), ok));
});
