import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface SinkOptions {
  /** Without PIPELINING the client has to wait for every reply. */
  pipelining: boolean;
  /** BDAT (RFC 3030); the reply to EHLO then takes so many milliseconds, as from far away. */
  chunking?: { helloMs: number };
  addresses?: readonly string[];
  port?: number;
  /** Called at every command line and at every final dot, before the reply is written. */
  onStep?: (step: 'command' | 'dot') => void;
  /** Another reply than the usual one, e.g. "450 4.2.0 later"; for a dot the recipient is given. */
  reply?: (step: 'greeting' | 'RCPT' | 'dot', recipient: string) => string | undefined;
}

/** A fast SMTP server that remembers only who was sent how many messages. Accepted means: 250 to the dot was written. */
export class Sink {
  readonly accepted = new Map<string, number>();
  open = 0;
  /** Messages that came by BDAT. */
  chunks = 0;
  peak = 0;
  readonly #options: SinkOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(options: SinkOptions) {
    this.#options = options;
  }

  static async start(options: SinkOptions): Promise<Sink> {
    const sink = new Sink(options);
    let port = options.port ?? 0;
    for (const address of options.addresses ?? ['127.0.0.1']) {
      const server = createServer({ noDelay: true }, (socket) => sink.#serve(socket));
      server.listen(port, address);
      await once(server, 'listening');
      port = (server.address() as AddressInfo).port;
      sink.#servers.push(server);
    }
    return sink;
  }

  get port(): number {
    const [first] = this.#servers;
    if (!first) throw new Error('the sink is not listening');
    return (first.address() as AddressInfo).port;
  }

  get total(): number {
    let total = 0;
    for (const count of this.accepted.values()) total += count;
    return total;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => once(server.close(), 'close')));
  }

  #serve(socket: Socket): void {
    const { onStep, reply, pipelining, chunking } = this.#options;
    this.#sockets.add(socket);
    this.open++;
    this.peak = Math.max(this.peak, this.open);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.open--;
    });
    socket.on('error', () => {});
    socket.write(`${reply?.('greeting', '') ?? '220 sink.example ESMTP'}\r\n`);
    let pending = '';
    let content = false;
    let recipient = '';
    /** Octets of a BDAT that are still to come, or -1. */
    let octets = -1;
    const taken = (): string => {
      onStep?.('dot');
      const answer = reply?.('dot', recipient) ?? '250 2.0.0 taken';
      if (answer.startsWith('250')) this.accepted.set(recipient, (this.accepted.get(recipient) ?? 0) + 1);
      // The transaction is over: a BDAT that comes next has no recipients (RFC 5321 4.1.1.4).
      recipient = '';
      return `${answer}\r\n`;
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      pending += chunk;
      let out = '';
      for (;;) {
        if (octets >= 0) {
          if (pending.length < octets) {
            octets -= pending.length;
            pending = '';
            break;
          }
          pending = pending.slice(octets);
          octets = -1;
          if (recipient !== '') this.chunks++;
          out += recipient === '' ? '503 5.5.1 no valid recipients\r\n' : taken();
          continue;
        }
        if (content) {
          const end = pending.indexOf('\r\n.\r\n');
          if (end < 0) {
            // Only the tail can still become an end of data.
            pending = pending.slice(-4);
            break;
          }
          pending = pending.slice(end + 5);
          content = false;
          out += taken();
          continue;
        }
        const end = pending.indexOf('\r\n');
        if (end < 0) break;
        const line = pending.slice(0, end);
        pending = pending.slice(end + 2);
        onStep?.('command');
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === 'EHLO') {
          const offers = `${pipelining ? '250-PIPELINING\r\n' : ''}${chunking ? '250-CHUNKING\r\n' : ''}`;
          const hello = `250-sink.example\r\n${offers}250 8BITMIME\r\n`;
          if (chunking) setTimeout(() => socket.write(hello), chunking.helloMs);
          else out += hello;
        } else if (verb === 'BDAT' && chunking) octets = Number(line.split(' ')[1]);
        else if (verb === 'RCPT') {
          recipient = /<(.*)>/.exec(line)?.[1] ?? '';
          const answer = reply?.('RCPT', recipient) ?? '250 2.1.5 ok';
          if (!answer.startsWith('250')) recipient = '';
          out += `${answer}\r\n`;
        } else if (verb === 'DATA' && recipient === '') {
          out += '503 5.5.1 no valid recipients\r\n';
        } else if (verb === 'DATA') {
          content = true;
          out += '354 go on\r\n';
          // So that an end of data right behind DATA is found too.
          pending = `\r\n${pending}`;
        } else if (verb === 'QUIT') {
          socket.end(`${out}221 2.0.0 bye\r\n`);
          return;
        } else out += '250 2.0.0 ok\r\n';
      }
      if (out && !socket.destroyed) socket.write(out);
    });
  }
}
