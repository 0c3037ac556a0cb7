/**
 * Messages a second of one connection and of several: Envoi's session against nodemailer's pool, into Postfix's
 * smtp-sink (or, where that is missing, a sink in Node), on loopback and with 30 ms of round trip.
 *
 *   node bench/session.ts [messages]
 *
 * The network is a proxy in a process of its own that holds every chunk for half a round trip; no loss, no slow start.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { systemConnect } from '../src/engine/delivery/dial.ts';
import { openSession } from '../src/engine/delivery/open.ts';
import { relayTimeouts } from '../src/engine/delivery/timeouts.ts';

const [mode, argument, ...rest] = process.argv.slice(2);
if (mode === '--proxy') proxy(Number(argument), Number(rest[0]));
else if (mode === '--sink') nodeSink();
else await compare(Number(mode ?? 3000));

async function compare(messages: number): Promise<void> {
  const bytes = Buffer.from(
    `From: ada@example.org\r\nTo: reader@example.net\r\nSubject: bench\r\n\r\n${`${'x'.repeat(74)}\r\n`.repeat(260)}`,
  );
  const sink = await startSink();
  const far = await startProxy(sink.port, 30);
  try {
    console.log(`${messages} messages of ${bytes.length} bytes into ${sink.name}; Node ${process.version}`);
    console.log('round trip  connections  Envoi/s  nodemailer/s  CPU s per 1,000 (Envoi, nodemailer)');
    for (const [label, port, count] of [
      ['none', sink.port, messages],
      ['30 ms', far.port, Math.min(messages, 300)],
    ] as const) {
      for (const connections of [1, 5, 20]) {
        const many = label === 'none' ? count : count * Math.min(connections, 10);
        const ours = await measure(many, () => envoi(port, many, connections, bytes));
        const fewer = label === 'none' ? count : Math.ceil(many / 10);
        const theirs = await measure(fewer, () => nodemailer(port, fewer, connections, bytes));
        const cells = [label.padEnd(11), String(connections).padEnd(12), ours.rate.padEnd(8), theirs.rate.padEnd(13)];
        console.log(`${cells.join(' ')} ${ours.cpu}, ${theirs.cpu}`);
      }
    }
  } finally {
    sink.stop();
    far.stop();
  }
}

async function measure(count: number, run: () => Promise<void>): Promise<{ rate: string; cpu: string }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: (count / seconds).toFixed(0), cpu: ((user + system) / 1000 / count).toFixed(2) };
}

async function envoi(port: number, messages: number, connections: number, bytes: Uint8Array): Promise<void> {
  let left = messages;
  const lane = async () => {
    const opened = await openSession(
      {
        host: 'sink.invalid',
        address: '127.0.0.1',
        port,
        localAddress: '',
        security: 'none',
        verification: { kind: 'none' },
        credentials: null,
        hello: 'bench.invalid',
        timeouts: relayTimeouts,
        connect: systemConnect,
      },
      new AbortController().signal,
    );
    if (opened.kind === 'ended') throw new Error(JSON.stringify(opened.end));
    const ends = [];
    while (left-- > 0) {
      const sending = opened.session.send({
        from: 'ada@example.org',
        to: 'reader@example.net',
        bytes,
        commit: () => Promise.resolve(),
      });
      ends.push(sending.end);
      await sending.ready;
    }
    for (const end of await Promise.all(ends)) {
      if (end.kind !== 'reply' || end.reply.code !== 250) throw new Error(JSON.stringify(end));
    }
    await opened.session.quit();
  };
  await Promise.all(Array.from({ length: connections }, lane));
}

async function nodemailer(port: number, messages: number, connections: number, bytes: Buffer): Promise<void> {
  const pool = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    ignoreTLS: true,
    name: 'bench.invalid',
  });
  const envelope = { from: 'ada@example.org', to: ['reader@example.net'] };
  await Promise.all(Array.from({ length: messages }, () => pool.sendMail({ envelope, raw: bytes })));
  pool.close();
}

interface Service {
  name: string;
  port: number;
  stop(): void;
}

async function startSink(): Promise<Service> {
  const postfix = '/usr/sbin/smtp-sink';
  if (!existsSync(postfix)) return startSelf('a sink in Node', ['--sink']);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(postfix, [...user, `127.0.0.1:${port}`, '200'], { stdio: 'ignore' });
  while (!(await answers(port))) if (child.exitCode !== null) throw new Error('smtp-sink did not start');
  return { name: 'smtp-sink', port, stop: () => child.kill() };
}

function startProxy(port: number, roundTripMs: number): Promise<Service> {
  return startSelf('proxy', ['--proxy', String(port), String(roundTripMs)]);
}

async function startSelf(name: string, args: readonly string[]): Promise<Service> {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no output');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { name, port: Number(line.toString()), stop: () => child.kill() };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function proxy(target: number, roundTripMs: number): void {
  const later = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => setTimeout(() => to.write(chunk), roundTripMs / 2));
    from.on('end', () => setTimeout(() => to.end(), roundTripMs / 2));
    from.on('error', () => to.destroy());
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    later(near, far);
    later(far, near);
  });
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
}

function nodeSink(): void {
  const server = createServer({ noDelay: true }, (socket) => {
    let text = '';
    let inContent = false;
    socket.on('error', () => {});
    socket.write('220 sink.invalid ESMTP\r\n');
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
      let out = '';
      for (;;) {
        const end = inContent ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n');
        if (end < 0) break;
        const line = text.slice(0, end);
        text = text.slice(end + (inContent ? 5 : 2));
        if (inContent) {
          inContent = false;
          out += '250 ok\r\n';
        } else if (line.startsWith('DATA')) {
          inContent = true;
          out += '354 go\r\n';
        } else {
          out += line.startsWith('EHLO') ? '250-sink.invalid\r\n250 PIPELINING\r\n' : '250 ok\r\n';
        }
      }
      if (out !== '') socket.write(out);
    });
  });
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
}
