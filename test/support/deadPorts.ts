import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A port of loopback at which nobody listens: connections are refused. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const LISTENER = `const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;

/** A port of loopback that answers nothing, as behind a firewall that drops: its listener is stopped, its queue full. */
export class StalledPort {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #fill: Socket[];

  private constructor(port: number, child: ChildProcess, fill: Socket[]) {
    this.port = port;
    this.#child = child;
    this.#fill = fill;
  }

  static async start(): Promise<StalledPort> {
    const child = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    const port = Number(String(said));
    child.kill('SIGSTOP');
    const fill: Socket[] = [];
    // Until one waits: then whoever comes next waits as well.
    for (let connects = true; connects; ) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      fill.push(socket);
      connects = await Promise.race([
        once(socket, 'connect').then(() => true),
        new Promise<boolean>((resolve) => setTimeout(resolve, 300, false)),
      ]);
    }
    return new StalledPort(port, child, fill);
  }

  async close(): Promise<void> {
    for (const socket of this.#fill) socket.destroy();
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}
