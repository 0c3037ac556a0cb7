/** Holders of a place they do not need at the moment, who give it up on request. */
export class Lenders {
  readonly #idle = new Set<() => void>();

  /** Returns how to withdraw the offer. */
  lend(giveUp: () => void): () => void {
    this.#idle.add(giveUp);
    return () => this.#idle.delete(giveUp);
  }

  /** Asks the one that has been idle longest. */
  ask(): void {
    const [first] = this.#idle;
    if (!first) return;
    this.#idle.delete(first);
    first();
  }
}
