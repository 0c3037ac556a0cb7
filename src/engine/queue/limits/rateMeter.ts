const SLOT_MS = 100;
const SLOTS = 100;

/** Counts events and reports how many a second there were in the last ten seconds. */
export class RateMeter {
  readonly #counts = new Uint32Array(SLOTS);
  #slot = 0;
  #first = 0;

  count(now: number): void {
    this.#turn(now);
    if (this.#first === 0) this.#first = now;
    this.#counts[this.#slot % SLOTS] = (this.#counts[this.#slot % SLOTS] ?? 0) + 1;
  }

  /** Over the span since the first event, one second at least and ten at most. */
  rate(now: number): number {
    this.#turn(now);
    const sum = this.#counts.reduce((total, each) => total + each, 0);
    if (sum === 0) {
      this.#first = 0;
      return 0;
    }
    return (sum * 1000) / Math.max(1000, Math.min(SLOT_MS * SLOTS, now - this.#first));
  }

  #turn(now: number): void {
    const slot = Math.floor(now / SLOT_MS);
    if (slot - this.#slot >= SLOTS) this.#counts.fill(0);
    else for (let each = this.#slot + 1; each <= slot; each++) this.#counts[each % SLOTS] = 0;
    this.#slot = Math.max(this.#slot, slot);
  }
}
