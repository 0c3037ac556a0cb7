import type { Socket } from 'node:net';

export interface CatcherEvents {
  refuse(address: string): { code: number; text: string } | undefined;
  /** Resolves when it is on disk. */
  store(to: string, content: Buffer): Promise<void>;
}

const MAX_MESSAGE = 100 * 1024 * 1024;
const MAX_LINE = 10_000;
const EXTENSIONS = ['PIPELINING', `SIZE ${MAX_MESSAGE}`, '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES'];
const END = Buffer.from('\r\n.\r\n');

/** One connection's SMTP, as far as a well-behaved client needs it. Pipelined commands are answered in order. */
export class Conversation {
  readonly #socket: Socket;
  readonly #events: CatcherEvents;
  #buffer: Buffer = Buffer.alloc(0);
  #isContent = false;
  #from: string | null = null;
  #to: string[] = [];
  #working = false;

  constructor(socket: Socket, events: CatcherEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('data', (piece: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, piece]);
      void this.#work();
    });
    this.#say('220 envoi catcher, nothing goes out');
  }

  #say(line: string): void {
    if (this.#socket.writable) this.#socket.write(`${line}\r\n`);
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      while (this.#isContent ? await this.#takeContent() : this.#takeLine()) {
        // One step after another.
      }
    } finally {
      this.#working = false;
    }
  }

  #takeLine(): boolean {
    const end = this.#buffer.indexOf('\r\n');
    if (end < 0) {
      if (this.#buffer.length > MAX_LINE) this.#socket.destroy();
      return false;
    }
    const line = this.#buffer.subarray(0, end).toString('utf8');
    this.#buffer = this.#buffer.subarray(end + 2);
    this.#command(line);
    return true;
  }

  #command(line: string): void {
    const verb = line.split(/[ :]/, 1)[0]?.toUpperCase();
    switch (verb) {
      case 'EHLO':
        return this.#say(
          [
            '250-envoi catcher',
            ...EXTENSIONS.slice(0, -1).map((word) => `250-${word}`),
            `250 ${EXTENSIONS.at(-1)}`,
          ].join('\r\n'),
        );
      case 'HELO':
        return this.#say('250 envoi catcher');
      case 'MAIL':
        this.#from = addressIn(line);
        this.#to = [];
        return this.#say('250 2.1.0 Sender ok');
      case 'RCPT':
        return this.#recipient(addressIn(line));
      case 'DATA':
        if (this.#to.length === 0) return this.#say('503 5.5.1 Nobody to deliver to');
        this.#isContent = true;
        return this.#say('354 End with a dot on a line of its own');
      case 'RSET':
        this.#from = null;
        this.#to = [];
        return this.#say('250 2.0.0 Ok');
      case 'NOOP':
        return this.#say('250 2.0.0 Ok');
      case 'QUIT':
        this.#say('221 2.0.0 Bye');
        this.#socket.end();
        return;
      default:
        this.#say('502 5.5.2 Not here');
    }
  }

  #recipient(address: string): void {
    if (this.#from === null) return this.#say('503 5.5.1 Who sends it?');
    const refusal = this.#events.refuse(address);
    if (refusal) return this.#say(`${refusal.code} ${refusal.text}`);
    this.#to.push(address);
    this.#say('250 2.1.5 Recipient ok');
  }

  /** Up to the dot; the line end before it belongs to the message. */
  async #takeContent(): Promise<boolean> {
    const empty = this.#buffer.subarray(0, 3).equals(END.subarray(2));
    const at = empty ? -2 : this.#buffer.indexOf(END);
    if (at === -1) {
      if (this.#buffer.length > MAX_MESSAGE) this.#socket.destroy();
      return false;
    }
    const content = this.#buffer.subarray(0, Math.max(0, at + 2));
    this.#buffer = this.#buffer.subarray(at + END.length);
    this.#isContent = false;
    const to = this.#to[0] ?? 'unknown';
    this.#to = [];
    try {
      await this.#events.store(to, unstuffed(content));
      this.#say('250 2.0.0 Caught');
    } catch {
      this.#say('452 4.3.1 No room to keep it');
    }
    return true;
  }
}

function addressIn(line: string): string {
  return /<([^<>]*)>/.exec(line)?.[1] ?? '';
}

/** Removes the dot that was added to each line that begins with one. */
function unstuffed(content: Buffer): Buffer {
  const text = content.toString('latin1').replace(/^\.\./, '.').replaceAll('\r\n..', '\r\n.');
  return Buffer.from(text, 'latin1');
}
