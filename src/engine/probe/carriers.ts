import type { ProbedLimit } from '../../shared/serverProbe.ts';
import type { ProbeActions, ProbeConnection, ProbeSteps } from './probeActions.ts';

/** A refused connection is asked for again after this, each time twice as long up to the longest. */
const AGAIN_MS = 500;
const LONGEST_MS = 8_000;
/** A connection that took longer than this had to be waited for. */
const LATE_MS = 5_000;
/** How many of the messages beyond a connection's presumed limit must be accepted for it to be believed. */
const PROOF = 6;

/**
 * Sends over one connection after the other, and finds out how many messages one carries. A refusal that may be the
 * connection's own is checked over another one: if it is accepted there, the old one was full. That is certain when a second
 * connection ends at the same number; otherwise `conclude` weighs it. At most two are open at a time.
 */
export class Carriers {
  readonly #actions: ProbeActions;
  readonly #found: ProbedLimit;
  readonly #alone: boolean;
  #line: ProbeConnection;
  /** One that was refused and is still open: what it carries may still be informative. */
  #spare: ProbeConnection | null = null;
  #suspected = 0;
  /** The last suspicion that was dropped or is not proven. */
  #doubtful = 0;
  /** Accepted since the suspicion, over other connections. */
  #proof = 0;
  /** The suspected connection was closed by the server. */
  #wasClosed = false;
  /** It was not, but refused again while another was accepted. */
  #refusedAgain = false;
  /** This many refusals in a row over one connection are answered without delay. */
  #mostRefusals = Number.POSITIVE_INFINITY;
  /** What the server does to a connection whose message it refuses for the rate. */
  #closesAnyway = false;
  #keepsOpen = false;

  /** A connection could not be opened at once: the times of refusals say nothing about the rate. */
  hadToWait = false;

  /** `alone`: the server allows a single connection. */
  constructor(actions: ProbeActions, line: ProbeConnection, found: ProbedLimit, alone: boolean) {
    this.#actions = actions;
    this.#line = line;
    this.#found = found;
    this.#alone = alone;
  }

  /** Whether a message is accepted: false is a refusal that another connection does not change. */
  *send(): ProbeSteps<boolean> {
    const { limit } = this.#found;
    if (!this.#line.open || (limit !== null && this.#line.carried >= limit)) yield* this.#renew();
    const line = this.#line;
    if (yield* this.#over(line)) return true;
    // One that has carried less than another is not full.
    const mayBeFull = limit === null && line.carried > 0 && line.carried >= this.#actions.most;
    const accepted = mayBeFull ? yield* this.#elsewhere(line) : line.died && (yield* this.#instead());
    if (accepted) return true;
    if (line.open) this.#keepsOpen = true;
    else if (!line.died) this.#closesAnyway = true;
    // So soon after it, the rate may have caused the suspicion; only because of the rate does this one stay open.
    if (this.#proof < PROOF && !(this.#wasClosed && line.open)) this.#suspected = 0;
    yield* this.#leaveTarpits(line);
    return false;
  }

  /** Another connection is answered at once. The pause gives the server time to notice that these are closed. */
  *#leaveTarpits(line: ProbeConnection): ProbeSteps<void> {
    for (const each of new Set([line, this.#line])) {
      if (each.tarpitted) this.#mostRefusals = Math.min(this.#mostRefusals, each.refusedSince - 1);
      if (each.tarpitted || each.refusedSince >= this.#mostRefusals) yield* this.#actions.close(each);
    }
  }

  /** After a pause: the connection that has carried most continues, so that its limit shows. */
  goOn(): void {
    const spare = this.#spare;
    if (!spare?.open || this.#found.limit !== null || this.#suspected > 0) return;
    if (spare.carried > this.#line.carried) [this.#line, this.#spare] = [spare, this.#line];
  }

  /** Whether a connection may have been full, and none has carried more since. */
  get inDoubt(): boolean {
    return this.#found.limit === null && this.#doubtful > 0 && this.#actions.most <= this.#doubtful;
  }

  /** A suspicion that nothing contradicts stands, unless the rate alone may explain it. */
  conclude(isQuickRate: boolean): void {
    if (this.#found.limit !== null || this.#suspected === 0 || isQuickRate) return;
    const proven = this.#proof >= PROOF;
    const differs = this.#keepsOpen && !this.#closesAnyway;
    if ((this.#wasClosed && (proven || differs)) || (this.#refusedAgain && proven)) this.#found.limit = this.#suspected;
  }

  *#elsewhere(full: ProbeConnection): ProbeSteps<boolean> {
    const closed = !full.open;
    const { carried } = full;
    const askedAt = this.#actions.now;
    const other = yield* this.#another(full);
    // Where a connection had to be waited for, the rate has had time to recover.
    const late = this.#actions.now - askedAt > LATE_MS;
    if (late && full.open && (yield* this.#over(full))) {
      [this.#line, this.#spare] = [full, other];
      return true;
    }
    this.#line = other;
    if (!(yield* this.#over(other))) return false;
    if (this.#suspected === carried) {
      this.#found.limit = carried;
      return true;
    }
    this.#suspected = late && closed ? 0 : carried;
    this.#doubtful = carried;
    this.#proof = 0;
    this.#wasClosed = closed && !this.#closesAnyway;
    this.#refusedAgain = false;
    if (full.open && !late) yield* this.#askAgain(full);
    return true;
  }

  /** Whether it was full, or the rate has just allowed another one. */
  *#askAgain(full: ProbeConnection): ProbeSteps<void> {
    const { carried } = full;
    yield* this.#over(full);
    if (full.carried > carried) this.#line = full;
    else this.#refusedAgain = true;
  }

  *#another(full: ProbeConnection): ProbeSteps<ProbeConnection> {
    const spare = this.#spare;
    this.#spare = full;
    if (spare?.open && spare !== full && spare.carried < full.carried) return spare;
    if (spare && spare !== full) yield* this.#actions.close(spare);
    if (this.#alone) yield* this.#actions.close(full);
    return yield* this.#fresh();
  }

  /** A message over a connection, and what it says of a suspicion. */
  *#over(line: ProbeConnection): ProbeSteps<boolean> {
    if (!(yield* this.#actions.send(line))) return false;
    this.#found.seen = this.#actions.most;
    if (line.carried > this.#suspected) this.#suspected = 0;
    else this.#proof++;
    return true;
  }

  /** Over a new connection, because the old one died. */
  *#instead(): ProbeSteps<boolean> {
    yield* this.#renew();
    return yield* this.#over(this.#line);
  }

  *#renew(): ProbeSteps<void> {
    yield* this.#actions.close(this.#line);
    this.#line = yield* this.#fresh();
  }

  *#fresh(): ProbeSteps<ProbeConnection> {
    for (let pause = AGAIN_MS; ; pause = Math.min(2 * pause, LONGEST_MS)) {
      const line = yield* this.#actions.open();
      if (line) return line;
      this.hadToWait = true;
      yield* this.#actions.wait(pause);
    }
  }
}
