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

const paragraph = 'The long nights are here, {{ first_name }}, and {{ city }} lies under a clear sky. ';
const body = Array.from({ length: 28 }, (_, n) => `## Night ${n}\n\n${paragraph}${'Bring a blanket. '.repeat(20)}\n`);
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

async function composing(text: string, signed: boolean) {
  const { newsletter } = await compile(`---\nsubject: "{{ first_name }}"\nkind: internal\n---\n${text}`, {
    fields: ['first_name', 'city'],
  });
  assert.ok(newsletter);
  const composer = await createComposer(
    newsletter,
    () => Promise.reject(new Error('no files')),
    { campaign: 'c', date: 0, key: Buffer.alloc(32) },
    signed ? { domain: 'example.org', selector: 's', privateKey: String(pem) } : null,
  );
  return (n: number) =>
    composer.compose({ line: n, address: `r${n}@d.example`, fields: { first_name: `Ada ${n}`, city: 'Lille' } });
}

/*
 * A message costs what its signature costs. Both are CPU time, taken in turns in one process, and the best round counts: how
 * busy the machine is hardly matters. More than half above what was measured is too much.
 */
for (const [name, text, signed, measured] of [
  // 1.4 to 1.7.
  ['to make and sign a message of 20 KB takes little more than its signature', body.join('\n'), true, 1.55],
  // 0.15 to 0.25.
  ['to make it unsigned takes a fraction of that', body.join('\n'), false, 0.25],
  // 0.25 to 0.35.
  ['so it does where the letter has tags', `{% if city %}Hi.{% endif %}\n\n${body.join('\n')}`, false, 0.35],
] as const)
  test(name, async (t) => {
    const message = await composing(text, signed);
    const key = createPrivateKey(pem);
    const data = Buffer.alloc(600);
    const signature = () =>
      new Promise((resolve, reject) => {
        sign('sha256', data, key, (error, made) => (error ? reject(error) : resolve(made)));
      });
    await cpuOf(message);
    await cpuOf(message);
    const rounds: [made: number, signed: number][] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push([await cpuOf(message), await cpuOf(signature)]);
    const best = (at: 0 | 1) => Math.min(...rounds.map((round) => round[at]));
    const ratio = best(0) / best(1);
    t.diagnostic(`${ratio.toFixed(2)} signatures a message`);
    assert.ok(ratio < measured * 1.5, `${ratio.toFixed(2)} signatures`);
  });
