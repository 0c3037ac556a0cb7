import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';

const START_MS = 30_000;

/** Waits for the server's greeting. */
export async function answering(host: string, port: number): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = connect({ host, port });
      socket.once('data', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('data', () => socket.end('QUIT\r\n'));
    });
    if (greeted) return;
    if (Date.now() > deadline) throw new Error(`No mail server answers on ${host}:${port}.`);
    await setTimeout(100);
  }
}
