import type { AttemptEnd, Stage } from '../../shared/outcome.ts';
import type { Outgoing, Sending } from '../../shared/transport.ts';
import { fault, replied } from './attemptEnd.ts';
import { type EnvelopeReplies, endOfLostChunked } from './chunking.ts';
import type { Loss } from './wire.ts';

/** One message's progress through a session, and the two promises its owner holds. */
export class Transaction {
  readonly message: Outgoing;
  readonly sending: Sending;
  /** The oldest step without a reply; `dot` from the moment the final dot is written. */
  stage: Stage = 'mail';
  /** Whether the server accepted the recipient: a final dot would then deliver something. */
  recipientAccepted = false;
  /** Set once the message has been sent whole, by BDAT: the server's replies to its envelope so far. */
  chunked: EnvelopeReplies | null = null;
  #ended = false;
  #end: (end: AttemptEnd) => void = () => {};
  #ready: () => void = () => {};
  #answered: () => void = () => {};

  constructor(message: Outgoing) {
    this.message = message;
    this.sending = {
      answered: new Promise((resolve) => {
        this.#answered = resolve;
      }),
      ready: new Promise((resolve) => {
        this.#ready = resolve;
      }),
      end: new Promise((resolve) => {
        this.#end = resolve;
      }),
    };
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Only the first end counts. */
  finish(end: AttemptEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#end(end);
    this.#answered();
  }

  /** The server has replied to the envelope. */
  makeAnswered(): void {
    this.#answered();
  }

  makeReady(): void {
    this.#ready();
  }

  /** The connection is gone. After the dot the outcome is unknown, whoever closed it. */
  lose(loss: Loss): void {
    if (this.chunked) this.finish(endOfLostChunked(this.chunked, loss));
    else if (loss.reply && this.stage !== 'dot') this.finish(replied(this.stage, loss.reply));
    else if (this.stage === 'dot' && loss.code === 'aborted') this.finish(fault('dot', 'closed', loss.detail));
    else this.finish(fault(this.stage, loss.code, loss.detail));
    this.makeReady();
  }
}
