import type { Item } from '../store/item.ts';

/**
 * What waits in a lane: first in, first out within a campaign, campaigns in turns, tests before all. So a test does not
 * wait behind a list, and two campaigns over one relay both move.
 */
export class LaneQueue {
  readonly #first: Item[] = [];
  /** By campaign; the one whose turn it is stands first. */
  readonly #turns = new Map<string, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(campaign: string): number {
    return this.#turns.get(campaign)?.length ?? 0;
  }

  push(item: Item, first: boolean): void {
    this.#size++;
    if (first) {
      this.#first.push(item);
      return;
    }
    const own = this.#turns.get(item.campaign);
    if (own) own.push(item);
    else this.#turns.set(item.campaign, [item]);
  }

  /** Puts back what `shift` gave: it stays the next one. */
  unshift(item: Item): void {
    this.#size++;
    this.#first.unshift(item);
  }

  shift(): Item | undefined {
    const urgent = this.#first.shift();
    if (urgent) {
      this.#size--;
      return urgent;
    }
    for (const [campaign, own] of this.#turns) {
      this.#turns.delete(campaign);
      const item = own.shift();
      if (own.length > 0) this.#turns.set(campaign, own);
      if (!item) continue;
      this.#size--;
      return item;
    }
    return undefined;
  }

  remove(which: (item: Item) => boolean): Item[] {
    const removed: Item[] = [];
    const sift = (items: Item[]): Item[] => {
      const kept: Item[] = [];
      for (const item of items) (which(item) ? removed : kept).push(item);
      return kept;
    };
    this.#first.splice(0, this.#first.length, ...sift(this.#first));
    for (const [campaign, own] of this.#turns) {
      const kept = sift(own);
      if (kept.length > 0) this.#turns.set(campaign, kept);
      else this.#turns.delete(campaign);
    }
    this.#size -= removed.length;
    return removed;
  }
}
