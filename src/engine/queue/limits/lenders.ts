/** Those who hold a place they do not need just now, and give it up when somebody asks. */
export class Lenders {
  readonly #idle = new Set<() => void>();

  /** Returns how to take it back. */
  lend(giveUp: () => void): () => void {
    this.#idle.add(giveUp);
    return () => this.#idle.delete(giveUp);
  }

  /** Asks the one that has been idle for longest. */
  ask(): void {
    const [first] = this.#idle;
    if (!first) return;
    this.#idle.delete(first);
    first();
  }
}
