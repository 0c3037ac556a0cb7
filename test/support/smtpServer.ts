import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { KeyPair } from './certificates.ts';

/** What the server does at one step. A string is its reply, lines parted by `\n`. */
export type Act =
  | string
  /** Says it, if anything, and closes. */
  | { close: true; say?: string }
  /** Closes with a reset. */
  | { reset: true }
  /** Says nothing more, ever. */
  | { hang: true }
  | { say: string; afterMs: number }
  | { say: string; when: Promise<unknown> };

export type Step =
  | 'greeting'
  | 'EHLO'
  | 'HELO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  /** Once its octets have been read. */
  | 'BDAT'
  | 'dot'
  | 'RSET'
  | 'QUIT'
  | 'NOOP';

/** The nth time a step is reached in a connection counts from 0. Nothing returned = the usual reply. */
export type Answer = Act | ((line: string, nth: number, connection: number) => Act | undefined);

export interface SmtpScript {
  steps?: Partial<Record<Step, Answer>>;
  /** EHLO keywords; STARTTLS is added when there is a certificate. */
  extensions?: readonly string[];
  /** Answers in the middle of the content, after so many octets. */
  body?: { afterBytes: number; act: Act };
  /** How it fails at BDAT: does not know it and reads content as commands, or does so where it refuses a chunk. */
  bdat?: 'unknown' | 'unread';
  certificate?: KeyPair;
  /** TLS from the first byte. */
  implicitTls?: boolean;
  /** Plain octets sent in one piece with the reply to STARTTLS, before its line end. */
  injected?: string;
  /** User to password; AUTH PLAIN and LOGIN are then checked. */
  users?: Record<string, string>;
}

export interface Received {
  from: string;
  to: string[];
  /** Content as sent, dots unstuffed. */
  data: Buffer;
  connection: number;
  tls: boolean;
}

export const usualExtensions = ['PIPELINING', 'SIZE 10000000', '8BITMIME', 'ENHANCEDSTATUSCODES'];
export const chunkingExtensions = [...usualExtensions, 'CHUNKING'];

/** A small real SMTP server whose every step can be scripted. */
export class SmtpServer {
  readonly messages: Received[] = [];
  /** Every line taken as a command, in order. */
  readonly commands: string[] = [];
  connections = 0;
  readonly script: SmtpScript;
  #allowed = Number.POSITIVE_INFINITY;
  readonly #waiting: (() => void)[] = [];
  readonly #expecting: (() => void)[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(script: SmtpScript) {
    this.script = script;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(script: SmtpScript = {}, address = '127.0.0.1', port = 0): Promise<SmtpServer> {
    const server = new SmtpServer(script);
    server.#server.listen(port, address);
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return (this.#server.address() as AddressInfo).address;
  }

  /**
   * Answers no further MAIL once it has so many messages, or a few more that were under way, until it may take more: a
   * campaign that cannot end by itself.
   */
  allow(messages: number): void {
    this.#allowed = messages;
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  /** What the next MAIL has to wait for, if anything. */
  get full(): Promise<void> | undefined {
    if (this.messages.length < this.#allowed) return undefined;
    return new Promise<void>((goOn) => this.#waiting.push(goOn)).then(() => this.full);
  }

  /** Resolves once it has taken so many messages. */
  async received(messages: number): Promise<void> {
    while (this.messages.length < messages) await new Promise<void>((came) => this.#expecting.push(came));
  }

  took(message: Received): void {
    this.messages.push(message);
    for (const came of this.#expecting.splice(0)) came();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    new Conversation(this, socket, this.connections++);
  }
}

class Conversation {
  readonly #server: SmtpServer;
  readonly #connection: number;
  #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #pieces: Buffer[] = [];
  #tail: Buffer = Buffer.alloc(0);
  #counts = new Map<Step, number>();
  #mode: 'command' | 'content' | 'auth' | 'busy' | 'deaf' = 'command';
  #chunks: Buffer[] = [];
  /** A BDAT whose octets have not all come. */
  #chunk: { line: string; size: number } | null = null;
  #authLines: string[] = [];
  #from: string | null = null;
  #to: string[] = [];
  #tls = false;

  constructor(server: SmtpServer, socket: Socket, connection: number) {
    this.#server = server;
    this.#connection = connection;
    this.#socket = socket;
    if (server.script.implicitTls) this.#encrypt();
    else this.#listen();
    this.#act('greeting', '', '220 test.invalid ESMTP');
  }

  #listen(): void {
    this.#socket.on('error', () => {});
    this.#socket.on('data', (chunk: Buffer) => {
      this.#pieces.push(chunk);
      const tail = Buffer.concat([this.#tail, chunk]);
      this.#tail = tail.subarray(-4);
      // Content of many megabytes is joined once, when its end has come.
      if (this.#mode === 'content' && !this.#server.script.body && !tail.includes('\r\n.\r\n')) return;
      this.#buffer = Buffer.concat([this.#buffer, ...this.#pieces.splice(0)]);
      this.#work();
    });
  }

  #encrypt(): void {
    const { certificate } = this.#server.script;
    if (!certificate) throw new Error('the script has no certificate');
    this.#socket.removeAllListeners('data');
    this.#socket = new TLSSocket(this.#socket, { isServer: true, secureContext: createSecureContext(certificate) });
    this.#tls = true;
    this.#listen();
  }

  #work(): void {
    for (;;) {
      if (this.#mode === 'content') {
        if (!this.#takeContent()) return;
      } else if (this.#chunk && this.#mode === 'command') {
        if (this.#buffer.length < this.#chunk.size) return;
        this.#takeChunk(this.#chunk);
      } else if (this.#mode === 'command' || this.#mode === 'auth') {
        const end = this.#buffer.indexOf('\r\n');
        if (end < 0) return;
        const line = this.#buffer.subarray(0, end).toString();
        this.#buffer = this.#buffer.subarray(end + 2);
        if (this.#mode === 'auth') this.#authenticate(line);
        else this.#command(line);
      } else {
        return;
      }
    }
  }

  #command(line: string): void {
    this.#server.commands.push(line);
    const verb = line.split(' ')[0]?.toUpperCase() ?? '';
    switch (verb) {
      case 'EHLO':
        this.#act('EHLO', line, ['test.invalid', ...this.#extensions()].map(ehloLine).join('\n'));
        break;
      case 'HELO':
        this.#act('HELO', line, '250 test.invalid');
        break;
      case 'STARTTLS':
        if (this.#act('STARTTLS', line, `220 2.0.0 go ahead${this.#server.script.injected ?? ''}`) !== '2') break;
        if (this.#server.script.certificate) this.#encrypt();
        break;
      case 'AUTH':
        this.#authLines = [];
        this.#authenticate(line);
        break;
      case 'MAIL':
        if (this.#from !== null) this.#perform('503 5.5.1 nested MAIL');
        else if (this.#act('MAIL', line, this.#welcome()) === '2') this.#from = path(line);
        break;
      case 'RCPT':
        if (this.#from === null) this.#perform('503 5.5.1 need MAIL');
        else if (this.#act('RCPT', line, '250 2.1.5 ok') === '2') this.#to.push(path(line));
        break;
      case 'DATA': {
        const usual = this.#to.length > 0 ? '354 go on' : '503 5.5.1 no valid recipients';
        if (this.#act('DATA', line, usual) === '3') this.#mode = 'content';
        break;
      }
      case 'BDAT':
        if (this.#server.script.bdat === 'unknown') this.#perform('500 5.5.1 what?');
        else this.#chunk = { line, size: this.#reads() ? Number(line.split(' ')[1]) : 0 };
        break;
      case 'RSET':
        this.#chunks = [];
        this.#from = null;
        this.#to = [];
        this.#act('RSET', line, '250 2.0.0 ok');
        break;
      case 'QUIT':
        this.#act('QUIT', line, { close: true, say: '221 2.0.0 bye' });
        break;
      case 'NOOP':
        this.#act('NOOP', line, '250 2.0.0 ok');
        break;
      default:
        this.#perform('500 5.5.1 what?');
    }
  }

  #welcome(): Act {
    const say = '250 2.1.0 ok';
    const { full } = this.#server;
    return full ? { say, when: full } : say;
  }

  #extensions(): string[] {
    const { extensions = usualExtensions, certificate, implicitTls, users } = this.#server.script;
    const starttls = certificate && !implicitTls && !this.#tls ? ['STARTTLS'] : [];
    return [...extensions, ...starttls, ...(users ? ['AUTH PLAIN LOGIN'] : [])];
  }

  #authenticate(line: string): void {
    const { users } = this.#server.script;
    this.#authLines.push(line);
    const [first = '', ...answers] = this.#authLines;
    const [, mechanism, initial] = first.split(' ');
    this.#mode = 'command';
    if (!users || this.#server.script.steps?.AUTH) {
      if (this.#act('AUTH', line, '235 2.7.0 welcome') === '3') this.#mode = 'auth';
      return;
    }
    let given: string[];
    if (mechanism === 'PLAIN') {
      given = decode(initial ?? '')
        .split('\0')
        .slice(1);
    } else if (answers.length < 2) {
      this.#perform(answers.length === 0 ? '334 VXNlcm5hbWU6' : '334 UGFzc3dvcmQ6');
      this.#mode = 'auth';
      return;
    } else {
      given = answers.map(decode);
    }
    const right = given[0] !== undefined && users[given[0]] === given[1];
    this.#act('AUTH', line, right ? '235 2.7.0 welcome' : '535 5.7.8 Error: authentication failed');
  }

  #takeContent(): boolean {
    const { body } = this.#server.script;
    if (body && this.#buffer.length >= body.afterBytes) {
      this.#mode = 'deaf';
      this.#perform(body.act);
      return false;
    }
    const lone = this.#buffer.subarray(0, 3).equals(Buffer.from('.\r\n'));
    const end = lone ? 0 : this.#buffer.indexOf('\r\n.\r\n');
    if (end < 0) return false;
    const data = lone ? Buffer.alloc(0) : this.#buffer.subarray(0, end + 2);
    this.#buffer = this.#buffer.subarray(end + (lone ? 3 : 5));
    this.#mode = 'command';
    const message = { from: this.#from ?? '', to: this.#to, data: unstuff(data), connection: this.#connection };
    const usual = this.#to.length > 0 ? '250 2.0.0 queued' : '554 5.5.1 no valid recipients';
    this.#from = null;
    this.#to = [];
    if (this.#act('dot', '', usual) === '2') this.#server.took({ ...message, tls: this.#tls });
    return true;
  }

  #reads(): boolean {
    return this.#to.length > 0 || this.#server.script.bdat !== 'unread';
  }

  #takeChunk({ line, size }: { line: string; size: number }): void {
    const data = this.#buffer.subarray(0, size);
    this.#buffer = this.#buffer.subarray(size);
    this.#chunk = null;
    const valid = this.#to.length > 0;
    const usual = valid ? `250 2.0.0 ${size} octets` : '503 5.5.1 no valid recipients';
    const message = { from: this.#from ?? '', to: this.#to, connection: this.#connection, tls: this.#tls };
    const taken = this.#act('BDAT', line, usual) === '2';
    if (taken) this.#chunks.push(Buffer.from(data));
    if (!taken || !/ LAST$/i.test(line)) return;
    this.#server.took({ ...message, data: Buffer.concat(this.#chunks.splice(0)) });
    this.#from = null;
    this.#to = [];
  }

  /** Does the scripted or the usual thing; returns the first digit of what was said, "" for nothing. */
  #act(step: Step, line: string, usual: Act): string {
    const nth = this.#counts.get(step) ?? 0;
    this.#counts.set(step, nth + 1);
    const scripted = this.#server.script.steps?.[step];
    const act = (typeof scripted === 'function' ? scripted(line, nth, this.#connection) : scripted) ?? usual;
    return this.#perform(act);
  }

  #perform(act: Act): string {
    if (typeof act === 'string') {
      this.#say(act);
      return act.split('\n').at(-1)?.[0] ?? '';
    }
    if ('say' in act && ('afterMs' in act || 'when' in act)) {
      const before = this.#mode;
      this.#mode = 'busy';
      const goOn = () => {
        this.#say(act.say);
        if (this.#mode === 'busy') this.#mode = act.say.startsWith('354') ? 'content' : before;
        this.#work();
      };
      if ('when' in act) act.when.then(goOn);
      else setTimeout(goOn, act.afterMs);
      return act.say[0] ?? '';
    }
    this.#mode = 'deaf';
    if ('hang' in act) return '';
    if ('reset' in act) {
      this.#socket.resetAndDestroy();
      return '';
    }
    if (act.say) this.#say(act.say);
    this.#socket.end();
    return act.say?.[0] ?? '';
  }

  #say(text: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${text.replace(/\n/g, '\r\n')}\r\n`);
  }
}

function ehloLine(text: string, index: number, all: readonly string[]): string {
  return `250${index === all.length - 1 ? ' ' : '-'}${text}`;
}

function path(line: string): string {
  return /<(.*)>/.exec(line)?.[1] ?? '';
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString();
}

function unstuff(data: Buffer): Buffer {
  return Buffer.from(data.toString('latin1').replace(/^\./gm, ''), 'latin1');
}
