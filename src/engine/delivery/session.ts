import { setImmediate } from 'node:timers/promises';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import { type AttemptEnd, type Reply, replyClass } from '../../shared/outcome.ts';
import type { Outgoing, Sending, Session } from '../../shared/transport.ts';
import { detailOf, Ended, fault, replied } from './attemptEnd.ts';
import { type EnvelopeReplies, endOfChunked, isBdatFault } from './chunking.ts';
import { type Chunking, ChunkingUse } from './chunkingUse.ts';
import { chunkOf, dataOf } from './dotStuff.ts';
import { type EnvelopeLines, envelopeLines, isWireSafe, refuseLocally } from './envelope.ts';
import type { Extensions } from './extensions.ts';
import type { Timeouts } from './timeouts.ts';
import { Transaction } from './transaction.ts';
import type { Wire } from './wire.ts';

const BLOCK = 65536;
/** An idle connection gets no longer a timeout than a new one. */
const NOOP_MS = 3_000;
const END_OF_DATA = '.\r\n';

export interface SessionTraits {
  host: string;
  address: string;
  tls: string;
  extensions: Extensions;
  timeouts: Timeouts;
  /** Absent: DATA only. */
  chunking?: Chunking | undefined;
  /** The shortest round trip of a command so far, in milliseconds. */
  roundTripMs: number;
}

/**
 * One SMTP connection that carries message after message (RFC 5321), after greeting, EHLO, TLS and AUTH.
 *
 * With PIPELINING (RFC 2920) MAIL, RCPT and DATA are sent in one piece, right after the final dot of the previous
 * message, so a message costs one round trip. At most one message at a time has sent its dot and has no reply: the next
 * one's content needs a 354, and replies come in order. Content is written only after 354; the dot only after `commit`.
 * A reply that arrives while content is being sent ends the message as not accepted, and the connection with it.
 *
 * With CHUNKING (RFC 3030) over a long line the whole message is sent in one piece, MAIL, RCPT and BDAT LAST, after
 * `commit`; then as many as `chunking.depth` may be unanswered at once, one by default.
 */
export class SmtpSession implements Session {
  readonly host: string;
  readonly address: string;
  readonly tls: string;
  readonly extensions: Extensions;
  readonly #wire: Wire;
  readonly #timeouts: Timeouts;
  readonly #chunking: ChunkingUse;
  /** In the order of their envelopes; at most one more than may be unanswered. */
  readonly #unanswered: Transaction[] = [];
  /** Submitted but waiting for its turn, because the server does not offer PIPELINING. */
  #waiting: Transaction | undefined;
  #started = 0;
  #needsReset = false;
  #leaving: Promise<void> | undefined;
  #onIdle: () => void = () => {};
  /** A message that waits until fewer are unanswered. */
  #onFewer: () => void = () => {};

  constructor(wire: Wire, traits: SessionTraits) {
    this.#wire = wire;
    this.host = traits.host;
    this.address = traits.address;
    this.tls = traits.tls;
    this.extensions = traits.extensions;
    this.#timeouts = traits.timeouts;
    this.#chunking = new ChunkingUse(traits.chunking, traits.host, traits);
    wire.onLost((loss) => {
      // It may have read content as commands.
      if (loss.code === 'protocol') this.#chunking.learn(false);
      for (const transaction of this.#unanswered.splice(0)) transaction.lose(loss);
      this.#waiting?.lose(loss);
      this.#waiting = undefined;
      this.#onFewer();
      this.#onIdle();
    });
  }

  get usable(): boolean {
    return !this.#wire.loss && !this.#leaving;
  }

  get remaining(): number {
    return Math.max(0, this.extensions.mailMax - this.#started);
  }

  send(message: Outgoing): Sending {
    if (this.#waiting || this.#unanswered.some((each) => each.stage !== 'dot')) {
      throw new Error('a message was handed over before the session was ready for it');
    }
    const transaction = new Transaction(message);
    const refusal = this.#refusal(message);
    if (refusal) {
      transaction.finish(refusal);
      transaction.makeReady();
    } else if (this.extensions.pipelining || this.#unanswered.length === 0) {
      this.#begin(transaction);
    } else {
      this.#waiting = transaction;
    }
    return transaction.sending;
  }

  /** Asks whether the sender would be accepted, then resets the transaction. Null when it would. Only between messages. */
  async probeSender(from: string): Promise<AttemptEnd | null> {
    const { mail, hello } = this.#timeouts;
    if (!isWireSafe(from)) return fault('mail', 'badAddress', detail(faultDetails.badAddress));
    try {
      const reply = await this.#wire.ask(`MAIL FROM:<${from}>`, 'mail', mail);
      if (replyClass(reply) !== 2) return replied('mail', reply);
      await this.#wire.ask('RSET', 'mail', hello);
      return null;
    } catch (error) {
      if (error instanceof Ended) return error.end;
      throw error;
    }
  }

  /** Whether it still answers. Only between messages. */
  async answers(): Promise<boolean> {
    if (!this.usable || this.remaining === 0) return false;
    const reply = await this.#wire.ask('NOOP', 'mail', NOOP_MS).catch(() => null);
    if (reply && replyClass(reply) === 2) return true;
    this.destroy();
    return false;
  }

  quit(): Promise<void> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  destroy(): void {
    this.#wire.destroy({ code: 'aborted', detail: detail(faultDetails.closedByUs) });
  }

  async #leave(): Promise<void> {
    if (this.#wire.loss) return;
    if (this.#unanswered.length > 0 || this.#waiting) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await this.#wire.ask('QUIT', 'mail', this.#timeouts.quit).catch(() => {});
    this.destroy();
  }

  #refusal(message: Outgoing): AttemptEnd | null {
    const { loss } = this.#wire;
    if (loss || this.#leaving)
      return fault('mail', loss?.code ?? 'closed', loss?.detail ?? detail(faultDetails.sessionClosing));
    if (this.remaining === 0) return fault('mail', 'closed', detail(faultDetails.noMoreMessages));
    return refuseLocally(message, this.extensions);
  }

  #begin(transaction: Transaction): void {
    const { extensions } = this;
    this.#unanswered.push(transaction);
    this.#started++;
    // After another message the connection is known to be alive.
    const quietMs = this.#unanswered.length > 1 ? 0 : this.#wire.quietMs;
    if (this.#chunking.fits(transaction.message.bytes.length, quietMs)) {
      void this.#whole(transaction);
      return;
    }
    const envelope = envelopeLines(transaction.message, extensions);
    if (extensions.pipelining) this.#pipeline(transaction, envelope);
    else this.#step(transaction, envelope);
  }

  #pipeline(transaction: Transaction, envelope: EnvelopeLines): void {
    const { mail, rcpt, data } = this.#timeouts;
    this.#wire.write(this.#before() + envelope.join(''));
    this.#wire.expect(mail, (reply) => this.#onMail(transaction, reply));
    this.#wire.expect(rcpt, (reply) => this.#onRcpt(transaction, reply));
    this.#wire.expect(data, (reply) => this.#onData(transaction, reply));
  }

  /** What goes before MAIL, with its replies expected. */
  #before(): string {
    let lines = '';
    // An unanswered BDAT may have failed, and a failed BDAT leaves the server in an undefined state (RFC 3030 2).
    if (this.#needsReset || this.#unanswered.some(({ chunked }) => chunked)) {
      this.#needsReset = false;
      this.#expectReset();
      lines += 'RSET\r\n';
    }
    // A server that gets a single message is not probed.
    const question = this.#started > 1 ? this.#chunking.question() : '';
    if (question !== '') this.#wire.expect(this.#timeouts.hello, (reply) => this.#chunking.heard(reply));
    return lines + question;
  }

  /** Sends MAIL, RCPT and the content in one piece, if the number of unanswered messages allows it. */
  async #whole(transaction: Transaction): Promise<void> {
    const wire = this.#wire;
    transaction.makeAnswered();
    while (!transaction.ended && this.#unanswered.length > this.#chunking.depth) {
      await new Promise<void>((resolve) => {
        this.#onFewer = resolve;
      });
    }
    if (transaction.ended) return;
    try {
      await transaction.message.commit();
    } catch (error) {
      transaction.finish(fault('mail', 'gateFailed', detailOf(error)));
      wire.destroy({ code: 'aborted', detail: detail(faultDetails.gateFailed) });
    }
    if (transaction.ended || wire.loss) return;
    const { mail, rcpt, dot } = this.#timeouts;
    const content = chunkOf(transaction.message.bytes);
    const [mailLine, rcptLine] = envelopeLines(transaction.message, this.extensions);
    const before = this.#before();
    const replies: EnvelopeReplies = {};
    transaction.chunked = replies;
    transaction.stage = 'dot';
    wire.cork();
    wire.write(`${before}${mailLine}${rcptLine}BDAT ${content.length} LAST\r\n`);
    wire.write(content);
    wire.expect(mail, (reply) => {
      replies.mail = reply;
    });
    wire.expect(rcpt, (reply) => {
      replies.rcpt = reply;
    });
    wire.expect(dot, (reply) => this.#onLast(transaction, replies, reply));
    transaction.makeReady();
  }

  #onLast(transaction: Transaction, replies: EnvelopeReplies, reply: Reply): void {
    if (replyClass(reply) === 3) {
      // The server misreads the content: what it makes of it is unknown.
      this.#wire.destroy({ code: 'protocol', detail: detail(faultDetails.oddBdat, `${reply.code} ${reply.text}`) });
      return;
    }
    const end = endOfChunked(replies, reply);
    if (replyClass(reply) !== 2) this.#needsReset = true;
    if (end.kind === 'fault' && isBdatFault(reply)) this.#chunking.learn(false);
    transaction.finish(end);
    this.#close(transaction);
  }

  /** One command at a time, for servers without PIPELINING. */
  #step(transaction: Transaction, [mailLine, rcptLine, dataLine]: EnvelopeLines): void {
    const { mail, rcpt, data } = this.#timeouts;
    const wire = this.#wire;
    const next = (line: string, timeoutMs: number, onReply: (reply: Reply) => void) => {
      if (transaction.ended) return this.#abandon(transaction);
      wire.write(line);
      wire.expect(timeoutMs, onReply);
    };
    const begin = () =>
      next(mailLine, mail, (toMail) => {
        this.#onMail(transaction, toMail);
        next(rcptLine, rcpt, (toRcpt) => {
          this.#onRcpt(transaction, toRcpt);
          next(dataLine, data, (toData) => this.#onData(transaction, toData));
        });
      });
    if (this.#needsReset) {
      this.#needsReset = false;
      wire.write('RSET\r\n');
      this.#expectReset(begin);
    } else {
      begin();
    }
  }

  #expectReset(then: () => void = () => {}): void {
    this.#wire.expect(this.#timeouts.hello, (reply) => {
      if (replyClass(reply) === 2) then();
      else if (reply.code !== 421)
        this.#wire.destroy({ code: 'protocol', detail: detail(faultDetails.oddReset, String(reply.code)) });
    });
  }

  #onMail(transaction: Transaction, reply: Reply): void {
    if (replyClass(reply) === 2) transaction.stage = 'rcpt';
    else transaction.finish(replied('mail', reply));
  }

  #onRcpt(transaction: Transaction, reply: Reply): void {
    transaction.recipientAccepted = replyClass(reply) === 2;
    if (transaction.ended) return;
    if (transaction.recipientAccepted) transaction.stage = 'data';
    else transaction.finish(replied('rcpt', reply));
  }

  #onData(transaction: Transaction, reply: Reply): void {
    if (reply.code !== 354 && replyClass(reply) !== 3) {
      if (!transaction.ended && replyClass(reply) === 2) {
        // Whatever it means, it is no longer known what the server takes for content.
        this.#wire.destroy({ code: 'protocol', detail: detail(faultDetails.oddData, String(reply.code)) });
        return;
      }
      transaction.finish(replied('data', reply));
      this.#abandon(transaction);
    } else if (!transaction.ended) {
      void this.#content(transaction);
    } else if (transaction.recipientAccepted) {
      // MAIL was refused, yet the server waits for content for an accepted recipient: a dot would not deliver a message.
      this.#wire.destroy({ code: 'closed', detail: detail(faultDetails.serverLost) });
    } else {
      // No recipient was accepted: the lone dot ends the transaction and delivers nothing (RFC 2920 3.1).
      this.#wire.write(END_OF_DATA);
      this.#wire.expect(this.#timeouts.dot, () => this.#abandon(transaction));
    }
  }

  /** The message ended before its dot; the connection continues with the next one. */
  #abandon(transaction: Transaction): void {
    this.#needsReset = true;
    this.#close(transaction);
    transaction.makeReady();
  }

  async #content(transaction: Transaction): Promise<void> {
    const wire = this.#wire;
    transaction.stage = 'body';
    transaction.makeAnswered();
    wire.expect(this.#timeouts.block, (reply) => this.#onDot(transaction, reply));
    const content = dataOf(transaction.message.bytes);
    for (let at = 0; at < content.length && !transaction.ended; at += BLOCK) {
      wire.allow(this.#timeouts.block);
      await wire.flush(content.subarray(at, at + BLOCK));
      // A refusal that has arrived must be read before writing fails on the closed connection and hides it.
      if (at + BLOCK < content.length) await setImmediate();
    }
    if (transaction.ended) return;
    wire.allow(0);
    try {
      await transaction.message.commit();
    } catch (error) {
      transaction.finish(fault('body', 'gateFailed', detailOf(error)));
      wire.destroy({ code: 'aborted', detail: detail(faultDetails.gateFailed) });
    }
    if (transaction.ended || wire.loss) return;
    transaction.stage = 'dot';
    wire.cork();
    wire.write(END_OF_DATA);
    wire.allow(this.#timeouts.dot);
    transaction.makeReady();
  }

  #onDot(transaction: Transaction, reply: Reply): void {
    const early = transaction.stage !== 'dot';
    if ((early && replyClass(reply) < 4) || replyClass(reply) === 3) {
      this.#wire.destroy({ code: 'protocol', detail: detail(faultDetails.oddContent, `${reply.code} ${reply.text}`) });
      return;
    }
    transaction.finish(replied(transaction.stage, reply));
    this.#close(transaction);
    if (early) {
      // The server still waits for the rest of the content, or has closed: it would not recognize a command.
      transaction.makeReady();
      this.#wire.destroy({ code: 'closed', detail: detail(faultDetails.earlyReply) });
    }
  }

  #close(transaction: Transaction): void {
    const at = this.#unanswered.indexOf(transaction);
    if (at >= 0) this.#unanswered.splice(at, 1);
    this.#onFewer();
    const waiting = this.#waiting;
    if (waiting && this.#unanswered.length === 0) {
      this.#waiting = undefined;
      this.#begin(waiting);
    }
    if (this.#unanswered.length === 0) this.#onIdle();
  }
}
