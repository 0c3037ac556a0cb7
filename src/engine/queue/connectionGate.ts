/**
 * Two ceilings of the machine: sessions that are established, and connections still being opened. They are counted apart,
 * so that servers which never answer cannot take the places of those that do.
 */
export class ConnectionGate {
  readonly #maxOpening: number;
  readonly #maxEstablished: number;
  #opening = 0;
  #established = 0;
  readonly #waiting: (() => boolean)[] = [];

  constructor(maxEstablished: number, maxOpening: number) {
    this.#maxEstablished = maxEstablished;
    this.#maxOpening = maxOpening;
  }

  /** Resolves with a permit to open a connection; rejects when the signal aborts first. */
  enter(signal: AbortSignal): Promise<ConnectionPermit> {
    return new Promise((resolve, reject) => {
      const tryEnter = () => {
        if (signal.aborted) {
          reject(signal.reason);
          return true;
        }
        if (this.#opening >= this.#maxOpening || this.#established >= this.#maxEstablished) return false;
        this.#opening++;
        signal.removeEventListener('abort', wake);
        resolve(this.#permit());
        return true;
      };
      const wake = () => this.#wake();
      if (tryEnter()) return;
      this.#waiting.push(tryEnter);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  get established(): number {
    return this.#established;
  }

  #permit(): ConnectionPermit {
    let state: 'opening' | 'established' | 'left' = 'opening';
    return {
      establish: () => {
        if (state !== 'opening') return;
        state = 'established';
        this.#opening--;
        this.#established++;
        this.#wake();
      },
      leave: () => {
        if (state === 'opening') this.#opening--;
        else if (state === 'established') this.#established--;
        state = 'left';
        this.#wake();
      },
    };
  }

  #wake(): void {
    for (let i = 0; i < this.#waiting.length; ) {
      if (this.#waiting[i]?.()) this.#waiting.splice(i, 1);
      else i++;
    }
  }
}

export interface ConnectionPermit {
  /** The connection stands: it counts against the other ceiling from now on. */
  establish(): void;
  leave(): void;
}
