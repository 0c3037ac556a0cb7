import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { createComposer } from '../../src/compose/index.ts';
import { compile } from './letter.ts';

const MESSAGES = 200;
const ROUNDS = 5;

/** CPU time of the whole process, ms. */
async function cpuOf(work: (n: number) => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < MESSAGES; n++) await work(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/*
 * A message costs what its signature costs. Both are CPU time, taken in turns in one process, and the best round counts: how
 * busy the machine is hardly matters. Measured: 2.4 to 3.1 signatures. More than half above that is too much.
 */
test('to make and sign a message of 20 KB takes a few times what its signature takes', async (t) => {
  const paragraph = 'The long nights are here, {{ first_name }}, and {{ city }} lies under a clear sky. ';
  const body = Array.from({ length: 28 }, (_, n) => `## Night ${n}\n\n${paragraph}${'Bring a blanket. '.repeat(20)}\n`);
  const { newsletter } = await compile(`---\nsubject: "{{ first_name }}"\nkind: internal\n---\n${body.join('\n')}`, {
    fields: ['first_name', 'city'],
  });
  assert.ok(newsletter);
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const composer = await createComposer(
    newsletter,
    () => Promise.reject(new Error('no files')),
    { campaign: 'c', date: 0, key: Buffer.alloc(32) },
    { domain: 'example.org', selector: 's', privateKey: String(pem) },
  );
  const key = createPrivateKey(pem);
  const data = Buffer.alloc(600);
  const message = (n: number) =>
    composer.compose({ line: n, address: `r${n}@d.example`, fields: { first_name: `Ada ${n}`, city: 'Lille' } });
  const signature = () =>
    new Promise((resolve, reject) => {
      sign('sha256', data, key, (error, signed) => (error ? reject(error) : resolve(signed)));
    });
  await cpuOf(message);
  const rounds: [made: number, signed: number][] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push([await cpuOf(message), await cpuOf(signature)]);
  const best = (at: 0 | 1) => Math.min(...rounds.map((round) => round[at]));
  const ratio = best(0) / best(1);
  t.diagnostic(`${ratio.toFixed(2)} signatures a message`);
  assert.ok(ratio < 4.5, `${ratio.toFixed(2)} signatures`);
});
