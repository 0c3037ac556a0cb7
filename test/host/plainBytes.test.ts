import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainBytes } from '../../src/protocol/plainBytes.ts';

/** As the editor does it: typed arrays are put aside in a replacer, which sees what `toJSON` has made. */
function asTheEditorSends(message: unknown): { json: string; aside: Uint8Array[] } {
  const aside: Uint8Array[] = [];
  const json = JSON.stringify(message, (_, value) =>
    value instanceof Uint8Array ? { aside: aside.push(value) - 1 } : value,
  );
  return { json, aside };
}

test('a Buffer reaches the page as bytes, at any depth, and nothing else is touched', () => {
  const bytes = Buffer.from([137, 80, 78, 71]);
  const message = { type: 'images', images: [{ cid: 'a', bytes }], also: { deep: [[bytes]] }, none: null, n: 1 };
  assert.equal(asTheEditorSends(message).aside.length, 0, 'as it is, the editor loses it');
  const sent = asTheEditorSends(plainBytes(message));
  assert.deepEqual(sent.aside, [new Uint8Array(bytes), new Uint8Array(bytes)]);
  assert.deepEqual(plainBytes({ none: null, n: 1, text: 'x' }), { none: null, n: 1, text: 'x' });
});

test('only the bytes of a pooled Buffer are copied, not the pool around them', () => {
  const pooled = Buffer.concat([Buffer.from('abc')]);
  const { bytes } = plainBytes({ bytes: pooled as Uint8Array });
  assert.equal(bytes.buffer.byteLength, 3);
  assert.equal(bytes.constructor, Uint8Array);
});
