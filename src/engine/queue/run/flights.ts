import type { Item } from '../store/item.ts';

/** The deliveries of a lane that are in the air: handed to a connection, and not yet settled. */
export class Flights {
  readonly #landings = new Map<Item, () => void>();
  #quiet: (() => void)[] = [];

  get size(): number {
    return this.#landings.size;
  }

  get items(): Iterable<Item> {
    return this.#landings.keys();
  }

  of(campaign: string): number {
    let count = 0;
    for (const item of this.#landings.keys()) if (item.campaign === campaign) count++;
    return count;
  }

  takeOff(item: Item): void {
    this.#landings.set(item, () => {});
  }

  /** Resolves when this one has landed. */
  landing(item: Item): Promise<void> {
    return new Promise((resolve) => this.#landings.set(item, resolve));
  }

  land(item: Item): void {
    const resolve = this.#landings.get(item);
    this.#landings.delete(item);
    resolve?.();
    for (const each of this.#quiet.splice(0)) each();
  }

  /** Resolves at once when nothing flies, else when the next one has landed. */
  quiet(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#quiet.push(resolve));
  }
}
