import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import type { SmtpSession } from '../../../src/engine/delivery/session.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { brief, letter, mustOpen, quick } from './harness.ts';

/** Servers that are not ours. */
const smtpSink = ['/usr/sbin/smtp-sink', '/usr/bin/smtp-sink'].find(existsSync) ?? '';
const needsSink = smtpSink === '' ? { skip: 'smtp-sink is not installed (Debian package postfix)' } : {};

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function withSink(
  options: readonly string[],
  run: (server: { port: number; address: string }) => Promise<void>,
): Promise<void> {
  const port = await closedPort();
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const sink: ChildProcess = spawn(smtpSink, [...user, ...options, `127.0.0.1:${port}`, '100'], { stdio: 'ignore' });
  try {
    for (;;) {
      const socket = connect(port, '127.0.0.1');
      const up = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (up) break;
      if (sink.exitCode !== null) throw new Error(`smtp-sink ended with ${sink.exitCode}`);
    }
    await run({ port, address: '127.0.0.1' });
  } finally {
    const gone = once(sink, 'exit');
    sink.kill();
    await gone;
  }
}

async function sendMany(session: SmtpSession, count: number): Promise<string[]> {
  const ends = [];
  for (let nth = 0; nth < count; nth++) {
    const sending = session.send(
      letter({ to: `r${nth}@example.net`, bytes: Buffer.from(`Subject: ${nth}\r\n\r\n.\r\n..\r\nend of ${nth}\r\n`) }),
    );
    ends.push(sending.end);
    await sending.ready;
  }
  return (await Promise.all(ends)).map(brief);
}

for (const [name, options] of [
  ['with PIPELINING', []],
  ['without PIPELINING', ['-p']],
  ['that knows no ESMTP', ['-e']],
] as const) {
  test(`Postfix's smtp-sink ${name} gets every message whole`, needsSink, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'envoi-sink-'));
    chmodSync(dir, 0o777);
    try {
      await withSink([...options, '-d', join(dir, '%M.')], async (server) => {
        const session = await mustOpen(server);
        assert.deepEqual(await sendMany(session, 30), Array(30).fill('reply dot 250'));
        await session.quit();
      });
      const texts = readdirSync(dir).map((file) => readFileSync(join(dir, file), 'latin1'));
      assert.equal(texts.length, 30);
      for (let nth = 0; nth < 30; nth++) {
        const [text] = texts.filter((one) => one.includes(`Subject: ${nth}\n`));
        assert.ok(text?.includes(`\n\n.\n..\nend of ${nth}\n`), `message ${nth}`);
        assert.ok(text?.includes(`r${nth}@example.net`));
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
}

const faults: readonly [string, readonly string[], string][] = [
  ['refuses RCPT for good', ['-f', 'RCPT'], 'reply rcpt 500'],
  ['refuses MAIL for now', ['-r', 'MAIL'], 'reply mail 450'],
  ['refuses DATA for now', ['-r', 'DATA'], 'reply data 450'],
  ['refuses content', ['-f', '.'], 'reply dot 500'],
  ['drops at RCPT', ['-q', 'RCPT'], 'fault rcpt closed'],
  ['drops at the dot', ['-q', '.'], 'fault dot closed'],
  ['says 421 at DATA', ['-Q', 'DATA'], 'reply data 421'],
  ['says 421 at the dot', ['-Q', '.'], 'reply dot 421'],
];
for (const [name, options, expected] of faults) {
  for (const pipelining of [true, false]) {
    test(`smtp-sink that ${name}${pipelining ? '' : ', without PIPELINING'}: ${expected}`, needsSink, () =>
      withSink([...options, ...(pipelining ? [] : ['-p'])], async (server) => {
        const session = await mustOpen(server, { timeouts: { ...quick, dot: 2000 } });
        const end = brief(await session.send(letter()).end);
        session.destroy();
        assert.equal(
          end.replace(/\d+$/, (code) => (code === '421' ? code : `${code[0]}00`)),
          expected.replace('450', '400'),
        );
      }),
    );
  }
}

test('smtp-sink that refuses in the middle of the content and hangs up: the refusal is read', needsSink, () =>
  withSink(['-A', '0'], async (server) => {
    const session = await mustOpen(server);
    const bytes = Buffer.from(`Subject: big\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(20_000)}`);
    const end = brief(await session.send(letter({ bytes })).end);
    assert.match(end, /^reply (body|dot) 5\d\d$/);
  }),
);

test('smtp-server of npm: STARTTLS, sign-in, and messages one behind the other', async () => {
  const authority = makeAuthority();
  const { key, cert } = authority.issue(['mail.example.org']);
  const received: { to: string; body: string; secure: boolean; user: string | undefined }[] = [];
  const server = new SMTPServer({
    key,
    cert,
    onAuth: ({ username, password }, _session, done) =>
      done(password === 'right' ? null : new Error('wrong'), { user: username }),
    onData: (stream, session, done) => {
      let body = '';
      stream.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        received.push({ to, body, secure: session.secure, user: String(session.user) });
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as { port: number };
  const session = await mustOpen(
    { port, address: '127.0.0.1' },
    {
      security: 'starttls',
      verification: { kind: 'name', ca: authority.cert },
      credentials: { kind: 'password', user: 'ada', secret: 'right' },
    },
  );
  assert.deepEqual(await sendMany(session, 20), Array(20).fill('reply dot 250'));
  await session.quit();
  assert.equal(received.length, 20);
  for (const [nth, message] of received.entries()) {
    assert.deepEqual(message, {
      to: `r${nth}@example.net`,
      body: `Subject: ${nth}\r\n\r\n.\r\n..\r\nend of ${nth}\r\n`,
      secure: true,
      user: 'ada',
    });
  }
  await new Promise<void>((resolve) => server.close(() => resolve()));
});
