import { setImmediate } from 'node:timers/promises';
import { AddressSet } from '../compose/recipients/addressSet.ts';
import type { LetterBegun, LetterStore } from './queue/store/letterStore.ts';

/** Who has a campaign's letter from another campaign, and is to be left out: slice by slice, while others have their turn. */
export class ReadersLeftOut {
  readonly #letters: LetterStore;
  readonly #key: number;
  readonly #signal: AbortSignal;
  /** Ids of the campaigns whose readers have been left out. */
  readonly #seen = new Set<string>();

  /** `signal`: the engine closes. */
  constructor(letters: LetterStore, key: number, signal: AbortSignal) {
    this.#letters = letters;
    this.#key = key;
    this.#signal = signal;
  }

  /** Whether no campaign of the letter has begun that was not looked at. Throws the UserError of `begunBefore`. */
  get complete(): boolean {
    return this.#unseen().length === 0;
  }

  /** Looks at those that have begun by now; others may begin meanwhile. */
  async leaveOut(): Promise<void> {
    const others = this.#unseen();
    const [newest] = others;
    if (!newest) return;
    await this.#amongHolders(others, (holders) => this.#remove(holders, newest));
    for (const { id } of others) this.#seen.add(id);
  }

  /** Ids of those who did not get the letter from this campaign, and have it or will have it from another. */
  async reachedElsewhere(): Promise<number[]> {
    const ids: number[] = [];
    const others = this.#unseen();
    if (others.length === 0) return ids;
    await this.#amongHolders(others, async (holders) => {
      for (const rows of this.#letters.missed(this.#key)) {
        for (const { id, address } of rows) if (holders.lineOf(address) > 0) ids.push(id);
        await this.#turn();
      }
    });
    return ids;
  }

  async #amongHolders(campaigns: readonly LetterBegun[], look: (holders: AddressSet) => Promise<void>): Promise<void> {
    const holders = new AddressSet();
    try {
      for (const { key } of campaigns)
        for (const addresses of this.#letters.holders(key)) {
          for (const address of addresses) holders.add(address, 1);
          await this.#turn();
        }
      await look(holders);
    } finally {
      holders.release();
    }
  }

  async #remove(holders: AddressSet, newest: LetterBegun): Promise<void> {
    for (const rows of this.#letters.intended(this.#key)) {
      const ids = rows.filter(({ address }) => holders.lineOf(address) > 0).map(({ id }) => id);
      // Each has a turn of its own: reading, and writing.
      await this.#turn();
      if (ids.length === 0) continue;
      this.#letters.leaveOut(this.#key, ids, newest);
      await this.#turn();
    }
  }

  #unseen(): LetterBegun[] {
    return this.#letters.begunBefore(this.#key).filter(({ id }) => !this.#seen.has(id));
  }

  async #turn(): Promise<void> {
    await setImmediate();
    this.#signal.throwIfAborted();
  }
}
