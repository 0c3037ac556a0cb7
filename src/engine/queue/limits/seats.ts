import { Lenders } from './lenders.ts';

/** Connections that several lanes share: those to one account at a relay, or to one provider's many hosts. */
export class Seats {
  #taken = 0;
  #waiting: (() => void)[] = [];
  /** Idle connections. */
  readonly lenders = new Lenders();

  /** Whether anyone is waiting for a seat. */
  get crowded(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves with a function that gives the seat back; rejects when the signal aborts first. */
  async enter(max: number, signal: AbortSignal): Promise<() => void> {
    while (this.#taken >= Math.max(1, max)) await this.#change(signal);
    signal.throwIfAborted();
    this.#taken++;
    let sitting = true;
    return () => {
      if (!sitting) return;
      sitting = false;
      this.#taken--;
      for (const wake of this.#waiting.splice(0)) wake();
    };
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== wake);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      this.#waiting.push(wake);
      this.lenders.ask();
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}
