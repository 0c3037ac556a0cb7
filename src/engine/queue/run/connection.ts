import { type AttemptEnd, replyClass } from '../../../shared/outcome.ts';
import type { Destination, Session, Transport } from '../../../shared/transport.ts';
import type { Reservation } from '../limits/limits.ts';
import type { Delivery } from '../store/delivery.ts';
import type { Attempt, LanePorts, LaneShares, Prepared } from './laneEvents.ts';
import { SilenceWatch } from './silenceWatch.ts';

/** What a connection asks of its lane, which alone knows what is waiting. */
export interface ConnectionOwner {
  readonly transport: Transport;
  readonly destination: Destination;
  /** There is work, and the lane still accepts it. */
  readonly wanted: boolean;
  /** The next delivery with a place in every limit, or null when this connection is to end. */
  next(): Promise<{ delivery: Delivery; reservation: Reservation } | null>;
  connected(session: Session): void;
  disconnected(session: Session): void;
  unreachable(end: AttemptEnd, host: string): void;
  /** Resolves when the delivery is settled. `reused`: the connection had carried others before. */
  ended(attempt: Attempt, end: AttemptEnd, reused: boolean): Promise<void>;
  /** Its message was not even started. */
  untried(delivery: Delivery, madeMessage: boolean): void;
  silent(carrying: boolean): void;
}

/** A delivery that was accepted, with its message. */
interface Made {
  delivery: Delivery;
  reservation: Reservation;
  message: Prepared | null;
}

/**
 * One connection from opening to closing: one message after another, the next one's envelope right after the dot of
 * the previous one. Contract: every delivery it was handed is given back to its owner, ended or untried, exactly once.
 */
export class Connection {
  readonly #owner: ConnectionOwner;
  readonly #ports: LanePorts;
  readonly #shares: LaneShares;
  readonly #signal: AbortSignal;
  readonly #silence: SilenceWatch;
  #carrying = 0;
  /** The next one, accepted and being made. */
  #ahead: Promise<Made | null> | null = null;
  /** Whether the latest message over it that has ended was accepted. */
  #accepts = false;
  #leaveSeat: () => void = () => {};

  constructor(owner: ConnectionOwner, ports: LanePorts, shares: LaneShares, signal: AbortSignal) {
    this.#owner = owner;
    this.#ports = ports;
    this.#shares = shares;
    this.#signal = signal;
    this.#silence = new SilenceWatch(ports.clock, ports.silenceMs, () => {
      // Its seat is for one that may get through; if this one is greeted after all, there is one more.
      this.#leaveSeat();
      this.#passOn();
      owner.silent(this.carrying);
    });
  }

  /** What it is waiting for has been silent for a while. */
  get silent(): boolean {
    return this.#silence.silent;
  }

  get carrying(): boolean {
    return this.#carrying > 0;
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { gate, seats, maxSeats } = this.#shares;
    const signal = this.#signal;
    const leaveSeat = seats ? await seats.enter(maxSeats, signal).catch(() => null) : () => {};
    if (!leaveSeat) return;
    this.#leaveSeat = leaveSeat;
    const permit = await gate.enter(signal).catch(() => null);
    try {
      if (!permit || !this.#owner.wanted) return;
      const opened = await this.#silence.over(this.#owner.transport.openSession(this.#owner.destination, signal));
      if (opened.kind === 'ended') {
        if (!signal.aborted) this.#owner.unreachable(opened.end, opened.host);
        return;
      }
      const { session } = opened;
      const stands = await permit.establish(signal).then(
        () => true,
        () => false,
      );
      if (!stands) {
        session.destroy();
        return;
      }
      this.#owner.connected(session);
      await this.#carryAll(session);
      this.#owner.disconnected(session);
      if (signal.aborted) session.destroy();
      else await session.quit();
    } finally {
      this.#silence.end();
      permit?.leave();
      leaveSeat();
    }
  }

  /**
   * One message after another until the work, the connection or its allowance ends. While one is under way the next is
   * made and signed, so that its envelope follows the dot at once: one at most, after the reply to the envelope unless the
   * server accepts what it gets, and none while it is unknown whether anything gets through.
   */
  async #carryAll(session: Session): Promise<void> {
    const allowance = this.#owner.destination.limits.maxMessagesPerConnection;
    const { probing } = this.#ports;
    const flying = new Set<Promise<void>>();
    for (let sent = 0; sent < allowance && session.usable && session.remaining > 0; sent++) {
      const coming = this.#ahead ?? this.#make();
      this.#ahead = null;
      const made = await coming;
      if (!made) break;
      const flight = this.#carry(session, made, sent > 0);
      if (!flight) continue;
      flying.add(flight.landed);
      const land = () => flying.delete(flight.landed);
      flight.landed.then(land, land);
      if (!this.#accepts) await flight.answered;
      const more = sent + 1 < allowance && session.usable && session.remaining > 0 && this.#owner.wanted;
      if (more && !probing(this.#owner.transport.accountKey)) this.#ahead = this.#make();
      await flight.ready;
      if (probing(this.#owner.transport.accountKey)) await flight.landed;
    }
    await this.#returnAhead();
    await Promise.all(flying);
  }

  /** What was made ahead goes back. */
  async #returnAhead(): Promise<void> {
    const ahead = this.#ahead;
    this.#ahead = null;
    const left = await ahead;
    if (left) this.#giveBack(left);
  }

  /** The same, if it has another transport; then this connection ends with those under way. */
  #passOn(): void {
    if (!this.#ahead) return;
    this.#ahead = this.#ahead.then((made) => {
      if (!made || made.delivery.way >= made.delivery.route.length - 1) return made;
      this.#giveBack(made);
      return null;
    });
  }

  /** The next delivery with its message, which is null where none could be made. Null when there is no more. */
  async #make(): Promise<Made | null> {
    const next = await this.#owner.next();
    if (!next) return null;
    const message = await this.#ports.prepare(next.delivery, this.#owner.transport.name).catch(() => null);
    return { ...next, message };
  }

  #giveBack({ delivery, reservation, message }: Made): void {
    reservation.release();
    this.#owner.untried(delivery, message !== null);
  }

  /** `ready` when the next message may be submitted, `landed` when this one is settled. Null when it was not even started. */
  #carry(
    session: Session,
    made: Made,
    reused: boolean,
  ): { answered: Promise<void>; ready: Promise<void>; landed: Promise<void> } | null {
    const { clock, mayStart, intend } = this.#ports;
    const { transport } = this.#owner;
    const { delivery, reservation, message } = made;
    if (!message || !session.usable || !mayStart(delivery)) {
      this.#giveBack(made);
      return null;
    }
    const attempt: Attempt = { delivery, host: session.host, startedAt: clock.now(), intent: null };
    let gate: Promise<void> | null = null;
    this.#carrying++;
    const sending = session.send({
      from: message.from,
      to: message.to,
      bytes: message.bytes,
      commit: () => {
        const { accountKey } = this.#shares;
        gate = intend(attempt, { transport: transport.name, accountKey, messageId: message.messageId }).then(
          (intent) => {
            attempt.intent = intent;
            reservation.commit(clock.now());
          },
        );
        return gate;
      },
    });
    const landed = sending.end.then(async (end) => {
      this.#carrying--;
      this.#accepts = end.kind === 'reply' && end.stage === 'dot' && replyClass(end.reply) === 2;
      // The connection was lost while the intent was being written: whether it is on disk has to be known first.
      await gate?.catch(() => {});
      reservation.release();
      await this.#owner.ended(attempt, end, reused);
    });
    // Content may take as long as the line needs; before and after it the server only has to reply.
    void this.#silence.over(sending.answered);
    void sending.ready.then(() => this.#silence.over(sending.end));
    return { answered: sending.answered, ready: sending.ready, landed };
  }
}
