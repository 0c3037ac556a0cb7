import type { Socket } from 'node:net';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { FaultCode, Reply, Stage } from '../../shared/outcome.ts';
import { detailOf, Ended, fault, faultOfSocketError, replied } from './attemptEnd.ts';
import { type LinedReply, ReplyReader } from './replyReader.ts';
import { describeTls, type TlsOptions, upgrade } from './tls.ts';

/** Why a connection is gone. `reply` is the 421 the server closed it with, if it did. */
export interface Loss {
  code: FaultCode;
  detail: string;
  reply?: Reply;
}

export const monotonic = (): number => performance.now();

interface Expectation {
  /** Counts from when it is the oldest one open; 0: no limit until `allow`. */
  timeoutMs: number;
  onReply(reply: LinedReply): void;
}

/**
 * A connection on which replies arrive in the order of the commands. Replies are passed to expectations one by
 * one, synchronously, so nothing read in one piece can overtake. Once lost it stays lost and reports it once.
 */
export class Wire {
  #socket: Socket;
  #reader = new ReplyReader();
  #expected: Expectation[] = [];
  #timer: NodeJS.Timeout | undefined;
  #loss: Loss | undefined;
  #corked = false;
  #lostListeners: ((loss: Loss) => void)[] = [];
  readonly #now: () => number;
  #heardAt: number;

  /** `now`: milliseconds of a monotonic clock. */
  constructor(socket: Socket, now: () => number = monotonic) {
    this.#socket = socket;
    this.#now = now;
    this.#heardAt = now();
    this.#listen();
  }

  get loss(): Loss | undefined {
    return this.#loss;
  }

  /** How long the connection has been idle. */
  get quietMs(): number {
    return this.#now() - this.#heardAt;
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  /** Called once, when the connection is lost, or at once if it has been. */
  onLost(listener: (loss: Loss) => void): void {
    if (this.#loss) listener(this.#loss);
    else this.#lostListeners.push(listener);
  }

  /** The next reply that nothing else waits for goes to `onReply`. */
  expect(timeoutMs: number, onReply: (reply: LinedReply) => void): void {
    this.#expected.push({ timeoutMs, onReply });
    if (this.#expected.length === 1) this.#arm();
  }

  /** Restarts the oldest expectation's limit; 0 lifts it. */
  allow(timeoutMs: number): void {
    const [oldest] = this.#expected;
    if (!oldest) return;
    oldest.timeoutMs = timeoutMs;
    this.#arm();
  }

  /** Sends a line and waits for its reply. Rejects with Ended at `stage` when the connection is lost. */
  ask(line: string | null, stage: Stage, timeoutMs: number): Promise<LinedReply> {
    return new Promise((resolve, reject) => {
      this.onLost((loss) =>
        reject(new Ended(loss.reply ? replied(stage, loss.reply) : fault(stage, loss.code, loss.detail))),
      );
      if (this.#loss) return;
      if (line !== null) this.write(`${line}\r\n`);
      this.expect(timeoutMs, resolve);
    });
  }

  write(data: string | Uint8Array): void {
    if (!this.#loss) this.#socket.write(data);
  }

  /** Writes; resolves when the octets have been passed to the operating system, or the connection is lost. */
  flush(data: Uint8Array): Promise<void> {
    if (this.#loss) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.write(data, (error) => {
        if (error) this.#lose({ code: faultOfSocketError(error), detail: detailOf(error) });
        resolve();
      });
    });
  }

  /** What is written until the end of this turn of the event loop is sent in one piece. */
  cork(): void {
    if (this.#corked || this.#loss) return;
    const socket = this.#socket;
    this.#corked = true;
    socket.cork();
    setImmediate(() => {
      this.#corked = false;
      socket.uncork();
    });
  }

  /** Starts TLS; resolves with what was agreed on. Rejects with Ended at stage `tls`. Octets before the handshake are an attack (CVE-2011-0411). */
  async startTls(options: TlsOptions): Promise<string> {
    this.#throwIfLost();
    if (this.#reader.pending || this.#expected.length > 0) {
      const early = detail(faultDetails.dataBeforeTls);
      this.destroy({ code: 'protocol', detail: early });
      throw new Ended(fault('tls', 'protocol', early));
    }
    this.#socket.removeAllListeners('data');
    this.#socket.removeAllListeners('end');
    this.#socket.removeAllListeners('close');
    this.#reader = new ReplyReader();
    const plain = this.#socket;
    const unlisten = new AbortController();
    this.onLost((loss) => unlisten.abort(loss.code));
    const secured = await upgrade(plain, options, unlisten.signal);
    if (this.#loss) secured.destroy();
    this.#throwIfLost();
    this.#socket = secured;
    this.#listen();
    return describeTls(secured);
  }

  #throwIfLost(): void {
    if (this.#loss) throw new Ended(fault('tls', this.#loss.code, this.#loss.detail));
  }

  /** Closes at once. */
  destroy(loss: Loss): void {
    this.#lose(loss);
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#lose({ code: faultOfSocketError(error), detail: detailOf(error) }));
    socket.on('end', () => this.#lose({ code: 'closed', detail: detail(faultDetails.serverClosed) }));
    socket.on('close', () => this.#lose({ code: 'closed', detail: detail(faultDetails.connectionClosed) }));
  }

  #read(chunk: Buffer): void {
    this.#heardAt = this.#now();
    const { replies, malformed } = this.#reader.push(chunk);
    for (const reply of replies) {
      if (this.#loss) return;
      const expectation = this.#expected.shift();
      clearTimeout(this.#timer);
      if (expectation) expectation.onReply(reply);
      if (reply.code === 421) this.#lose({ code: 'closed', detail: detail(faultDetails.serverClosing), reply });
      else if (!expectation)
        this.#lose({ code: 'protocol', detail: detail(faultDetails.replyToNothing, `${reply.code} ${reply.text}`) });
      else this.#arm();
    }
    if (malformed !== '') this.#lose({ code: 'protocol', detail: malformed });
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const [oldest] = this.#expected;
    if (!oldest || oldest.timeoutMs === 0 || this.#loss) return;
    this.#timer = setTimeout(
      () => this.#lose({ code: 'timeout', detail: detail(faultDetails.noReply, Math.round(oldest.timeoutMs / 1000)) }),
      oldest.timeoutMs,
    );
  }

  #lose(loss: Loss): void {
    if (this.#loss) return;
    this.#loss = loss;
    clearTimeout(this.#timer);
    this.#expected = [];
    this.#socket.destroy();
    for (const listener of this.#lostListeners.splice(0)) listener(loss);
  }
}
