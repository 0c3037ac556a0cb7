import type { Delivery } from '../store/delivery.ts';

/** The deliveries of a lane that are in progress: handed to a connection, and not yet settled. */
export class Flights {
  readonly #landings = new Map<Delivery, () => void>();
  #quiet: (() => void)[] = [];

  get size(): number {
    return this.#landings.size;
  }

  get deliveries(): Iterable<Delivery> {
    return this.#landings.keys();
  }

  of(campaign: string): number {
    let count = 0;
    for (const delivery of this.#landings.keys()) if (delivery.campaign === campaign) count++;
    return count;
  }

  takeOff(delivery: Delivery): void {
    this.#landings.set(delivery, () => {});
  }

  /** Resolves when this one is settled. */
  landing(delivery: Delivery): Promise<void> {
    return new Promise((resolve) => this.#landings.set(delivery, resolve));
  }

  land(delivery: Delivery): void {
    const resolve = this.#landings.get(delivery);
    this.#landings.delete(delivery);
    resolve?.();
    for (const each of this.#quiet.splice(0)) each();
  }

  /** Resolves at once when nothing is in progress, else when the next one is settled. */
  quiet(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#quiet.push(resolve));
  }
}
