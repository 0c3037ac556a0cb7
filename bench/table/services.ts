import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { closedPort } from '../../test/support/deadPorts.ts';

export interface Service {
  name: string;
  port: number;
  stop(): Promise<void>;
}

const SMTP_SINK = '/usr/sbin/smtp-sink';

/** What takes the messages: Postfix's smtp-sink or, where that is missing, a server in Node that is slower. */
export async function startSink(): Promise<Service> {
  if (!existsSync(SMTP_SINK)) return startScript('a sink in Node', ['sink.ts']);
  const port = await closedPort();
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(SMTP_SINK, [...user, `127.0.0.1:${port}`, '1000'], { stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`smtp-sink ended with ${code}`)));
  });
  failed.catch(() => {});
  while (!(await Promise.race([answers(port), failed])));
  return { name: 'smtp-sink', port, stop: () => stopped(child) };
}

/** The same with CHUNKING (RFC 3030), which smtp-sink does not have. */
export const startChunkingSink = (): Promise<Service> =>
  startScript('a sink in Node with CHUNKING', ['sink.ts', 'chunking']);

export const startNodeSink = (): Promise<Service> => startScript('a sink in Node', ['sink.ts']);

/** A network of a longer round trip before a server; tells how long what went through it took. */
export async function startDelay(port: number, roundTripMs: number): Promise<Service> {
  return startScript(`${roundTripMs} ms`, ['delay.ts', String(port), String(roundTripMs)]);
}

/** A script of this folder that prints its port as its first line. */
export async function startScript(name: string, [script = '', ...args]: readonly string[]): Promise<Service> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${script} ended`))),
  ])) as [Buffer];
  return { name, port: Number(line.toString()), stop: () => stopped(child) };
}

async function stopped(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.removeAllListeners('exit');
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'data');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
