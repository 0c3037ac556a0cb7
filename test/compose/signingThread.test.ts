import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, hash, type KeyObject, verify } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { dkimVerify } from 'mailauth';
import { SigningThread } from '../../src/compose/message/signingThread.ts';
import { composerOf, person, withSubject } from './letter.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');

const isRight = (publicKey: KeyObject, input: string, signature: string) =>
  publicKey.asymmetricKeyType === 'rsa'
    ? verify('sha256', Buffer.from(input), publicKey, Buffer.from(signature, 'base64'))
    : verify(null, hash('sha256', input, 'buffer'), publicKey, Buffer.from(signature, 'base64'));

test('a campaign of two hundred messages made at once is signed rightly, the first by the pool and the rest by the thread', async () => {
  for (const { privateKey, publicKey } of [rsa, ed]) {
    const dkim = {
      domain: 'example.org',
      selector: 'envoi',
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    };
    const composer = await composerOf(withSubject('Hello {{ first_name }}, é'), { dkim });
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const ofEd = publicKey.asymmetricKeyType === 'ed25519';
    const record = `v=DKIM1; k=${ofEd ? 'ed25519' : 'rsa'}; p=${(ofEd ? der.subarray(-32) : der).toString('base64')}`;
    const messages = await Promise.all(
      Array.from({ length: 200 }, (_, n) => composer.compose(person({ first_name: `Reader ${n}` }))),
    );
    for (const [n, { bytes }] of messages.entries()) {
      const { results } = await dkimVerify(Buffer.from(bytes), { resolver: async () => [[record]] } as Parameters<
        typeof dkimVerify
      >[1]);
      assert.deepEqual(
        results.map(({ status }) => status.result),
        ['pass'],
        `message ${n}`,
      );
    }
  }
});

test('signatures of several keys, asked for in one turn and in others, each come to who asked', async (t) => {
  const thread = new SigningThread();
  t.after(() => thread.end());
  const keys = [rsa, ed, generateKeyPairSync('rsa', { modulusLength: 2048 })];
  for (let turn = 0; turn < 3; turn++) {
    const signed = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const { privateKey, publicKey } = keys[n % keys.length] as typeof rsa;
        const input = `turn ${turn}, message ${n}, é\r\n`;
        return isRight(publicKey, input, await thread.sign(privateKey, input));
      }),
    );
    assert.deepEqual(
      signed,
      signed.map(() => true),
    );
  }
});

test('a thread that ends fails what was asked of it, and the next signature is made in a new one', async (t) => {
  const thread = new SigningThread();
  t.after(() => thread.end());
  await thread.sign(rsa.privateKey, 'first');
  // Enough that the answer to all of them is still being made.
  const asked = Promise.all(Array.from({ length: 1_000 }, (_, n) => thread.sign(rsa.privateKey, `second ${n}`)));
  await new Promise(setImmediate);
  const ended = thread.end();
  await assert.rejects(asked, /ended/);
  await ended;
  assert.ok(isRight(rsa.publicKey, 'third', await thread.sign(rsa.privateKey, 'third')));
});

test('the process waits for a signature, and for nothing else of the thread', () => {
  const module = join(import.meta.dirname, '../../src/compose/message/signingThread.ts');
  const script = `
    import { generateKeyPairSync } from 'node:crypto';
    import { SigningThread } from ${JSON.stringify(module)};
    const { privateKey } = generateKeyPairSync('ed25519');
    const thread = new SigningThread();
    console.log((await thread.sign(privateKey, 'a')).length, (await thread.sign(privateKey, 'b')).length);`;
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  assert.deepEqual([stdout.trim(), status], ['88 88', 0], stderr);
});

/** Private keys in a thread's memory, where what is not used any more has been collected. */
async function keysIn(worker: Worker): Promise<number> {
  const { snapshot, nodes, strings } = (await json(await worker.getHeapSnapshot())) as {
    snapshot: { meta: { node_fields: string[]; node_types: [string[]] } };
    nodes: number[];
    strings: string[];
  };
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name] = [fields.indexOf('type'), fields.indexOf('name')];
  let count = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    const isObject = types[0][nodes[at + type] ?? -1] === 'object';
    if (isObject && strings[nodes[at + name] ?? -1] === 'PrivateKeyObject') count++;
  }
  return count;
}

test('a key that is forgotten leaves the memory of the thread, which ends with the last one and starts anew when needed', async (t) => {
  const thread = new SigningThread();
  t.after(() => thread.end());
  const started = once(process, 'worker') as Promise<[Worker]>;
  await Promise.all([thread.sign(rsa.privateKey, 'a'), thread.sign(ed.privateKey, 'b')]);
  const [worker] = await started;
  const both = await keysIn(worker);
  const asked = thread.sign(rsa.privateKey, 'c');
  thread.forget(rsa.privateKey);
  assert.ok(isRight(rsa.publicKey, 'c', await asked), 'what was asked for is signed all the same');
  assert.ok(isRight(ed.publicKey, 'd', await thread.sign(ed.privateKey, 'd')));
  assert.equal(await keysIn(worker), both - 1);
  const exited = once(worker, 'exit');
  const last = thread.sign(ed.privateKey, 'e');
  thread.forget(ed.privateKey);
  assert.ok(isRight(ed.publicKey, 'e', await last));
  await exited;
  assert.ok(isRight(rsa.publicKey, 'f', await thread.sign(rsa.privateKey, 'f')));
});
