import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SmtpScript, SmtpServer } from '../../support/smtpServer.ts';
import { endpoint, openEnd } from './harness.ts';

const credentials = { kind: 'password', user: 'ada', secret: 'secret' } as const;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const LOGIN = [base64('ada'), base64('secret')];

/** A server that offers these mechanisms and answers each line of a sign-in as told; how it ends, and what it heard. */
async function signIn(offered: string, answer: (line: string, nth: number) => string) {
  const heard: string[] = [];
  const script: SmtpScript = {
    extensions: ['PIPELINING', `AUTH ${offered}`],
    steps: {
      AUTH: (line) => {
        heard.push(line);
        return answer(line, heard.length);
      },
    },
  };
  const server = await SmtpServer.start(script);
  try {
    return { end: await openEnd(endpoint(server), { credentials }), heard };
  } finally {
    await server.close();
  }
}

const plain = `AUTH PLAIN ${base64('\0ada\0secret')}`;
const asLogin = (line: string) =>
  line === 'AUTH LOGIN' ? '334 VXNlcm5hbWU6' : line === LOGIN[0] ? '334 UGFzc3dvcmQ6' : '235 2.7.0 welcome';

for (const refusal of ['504 5.5.4 Unrecognized authentication type', '535 5.7.8 Error: authentication failed'])
  test(`PLAIN refused with ${refusal.slice(0, 3)}: LOGIN is tried over the same connection`, async () => {
    const { end, heard } = await signIn('PLAIN LOGIN', (line) =>
      line.startsWith('AUTH PLAIN') ? refusal : asLogin(line),
    );
    assert.equal(end, 'session');
    assert.deepEqual(heard, [plain, 'AUTH LOGIN', ...LOGIN]);
  });

test('a challenge after AUTH PLAIN with an initial response: the response is sent again', async () => {
  const { end, heard } = await signIn('PLAIN', (line) => (line.startsWith('AUTH') ? '334 ' : '235 2.7.0 welcome'));
  assert.equal(end, 'session');
  assert.deepEqual(heard, [plain, base64('\0ada\0secret')]);
});

test('a password that both refuse is tried once with each, and the first reply is reported', async () => {
  const { end, heard } = await signIn('PLAIN LOGIN', (line) => {
    if (line === 'AUTH LOGIN') return '504 5.5.4 no such mechanism';
    return '535 5.7.8 wrong';
  });
  assert.equal(end, 'reply auth 535');
  assert.deepEqual(heard, [plain, 'AUTH LOGIN']);
});

test('a server that is busy is not asked twice', async () => {
  const { end, heard } = await signIn('PLAIN LOGIN', () => '454 4.7.0 Temporary authentication failure');
  assert.equal(end, 'reply auth 454');
  assert.equal(heard.length, 1);
});
