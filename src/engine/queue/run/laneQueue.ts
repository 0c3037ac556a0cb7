import type { Delivery } from '../store/delivery.ts';

/**
 * What waits in a lane: first in, first out within a campaign, campaigns in turns, tests first. So a test does not
 * wait behind a list, and two campaigns via one relay both progress.
 */
export class LaneQueue {
  readonly #first: Delivery[] = [];
  /** By campaign; the next one comes first. */
  readonly #turns = new Map<string, Delivery[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(campaign: string): number {
    return this.#turns.get(campaign)?.length ?? 0;
  }

  push(delivery: Delivery, first: boolean): void {
    this.#size++;
    if (first) {
      this.#first.push(delivery);
      return;
    }
    const own = this.#turns.get(delivery.campaign);
    if (own) own.push(delivery);
    else this.#turns.set(delivery.campaign, [delivery]);
  }

  /** Puts back what `shift` returned, as the next one. */
  unshift(delivery: Delivery): void {
    this.#size++;
    this.#first.unshift(delivery);
  }

  shift(): Delivery | undefined {
    const urgent = this.#first.shift();
    if (urgent) {
      this.#size--;
      return urgent;
    }
    for (const [campaign, own] of this.#turns) {
      this.#turns.delete(campaign);
      const delivery = own.shift();
      if (own.length > 0) this.#turns.set(campaign, own);
      if (!delivery) continue;
      this.#size--;
      return delivery;
    }
    return undefined;
  }

  remove(which: (delivery: Delivery) => boolean): Delivery[] {
    const removed: Delivery[] = [];
    const sift = (deliveries: Delivery[]): Delivery[] => {
      const kept: Delivery[] = [];
      for (const delivery of deliveries) (which(delivery) ? removed : kept).push(delivery);
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
