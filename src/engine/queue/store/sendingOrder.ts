import { setImmediate } from 'node:timers/promises';
import { release } from '../../../shared/release.ts';

/** Rows processed before other work gets its turn. */
const SLICE = 250_000;

/** Places begin at 0; NOWHERE follows the last. */
export const NOWHERE = Number.POSITIVE_INFINITY;

/**
 * The order in which a campaign's deliveries are read: each domain's rows are spread evenly over the list, so that no provider
 * is hit in bursts, and a list that is mixed already stays as it is. Nine bytes a row, and nothing of it on disk: it is
 * recomputed from the rows.
 */
export class SendingOrder {
  /** By place: the row's id, less `#base`. */
  readonly #ids: Uint32Array;
  readonly #base: number;
  /** By place: the place of the next row of the same domain, plus 1; 0 after the last. */
  readonly #next: Uint32Array;
  /** One bit per place: known to wait no longer. */
  readonly #passed: Uint8Array;

  constructor(base: number, ids: Uint32Array, next: Uint32Array) {
    this.#base = base;
    this.#ids = ids;
    this.#next = next;
    this.#passed = new Uint8Array(Math.ceil(ids.length / 8));
  }

  get size(): number {
    return this.#ids.length;
  }

  idAt(place: number): number {
    return this.#base + (this.#ids[place] ?? 0);
  }

  /** The place of a row; 0 for one that is not on this list. */
  placeOf(id: number): number {
    return Math.max(0, this.#ids.indexOf(id - this.#base));
  }

  /** The place of the next row of its domain that may still wait, or NOWHERE. Domains may share a chain: look at each row. */
  nextOfDomain(place: number): number {
    let next = this.#next[place] ?? 0;
    while (next !== 0 && this.#hasPassed(next - 1)) next = this.#next[next - 1] ?? 0;
    return next === 0 ? NOWHERE : next - 1;
  }

  /** The first place from here on that may still wait, or NOWHERE. */
  waitingFrom(place: number): number {
    let at = place;
    while (at < this.size) {
      const bits = this.#passed[at >> 3] ?? 0;
      if (bits === 255) at = (at | 7) + 1;
      else if (bits & (1 << (at & 7))) at++;
      else return at;
    }
    return NOWHERE;
  }

  pass(place: number): void {
    this.#passed[place >> 3] = (this.#passed[place >> 3] ?? 0) | (1 << (place & 7));
  }

  /** It waits again. */
  wait(place: number): void {
    this.#passed[place >> 3] = (this.#passed[place >> 3] ?? 0) & ~(1 << (place & 7));
  }

  #hasPassed(place: number): boolean {
    return ((this.#passed[place >> 3] ?? 0) & (1 << (place & 7))) !== 0;
  }

  /** Any row may wait again. */
  forget(): void {
    this.#passed.fill(0);
  }
}

/** Takes in the rows of a list in the order of their ids, and is used up by `build`. */
export class OrderBuilder {
  #base = 0;
  /** By row: its id, less `#base`. */
  #ids = new Uint32Array(1024);
  /** By row: the number of its domain. */
  #domains = new Uint32Array(1024);
  #size = 0;
  readonly #numbers = new Map<number, number>();

  get size(): number {
    return this.#size;
  }

  /** Removes what was added last: those rows are not on disk. */
  cutTo(size: number): void {
    this.#size = size;
  }

  add(id: number, domain: string): void {
    if (this.#size === this.#ids.length) {
      const [ids, domains] = [this.#ids, this.#domains];
      this.#ids = new Uint32Array(ids.length * 2);
      this.#domains = new Uint32Array(ids.length * 2);
      this.#ids.set(ids);
      this.#domains.set(domains);
      release(ids);
      release(domains);
    }
    if (this.#size === 0) this.#base = id;
    const hash = hashOf(domain);
    let number = this.#numbers.get(hash);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(hash, number);
    }
    this.#ids[this.#size] = id - this.#base;
    this.#domains[this.#size++] = number;
  }

  /**
   * The k-th of a domain's n rows is at (k + φ) / n of the list, where φ is such that its first row keeps its place as
   * far as possible: domains of one size do not coincide. Domains of one row are spread together, in their own order.
   */
  async build(): Promise<SendingOrder> {
    const size = this.#size;
    const domains = this.#domains;
    const counts = new Uint32Array(this.#numbers.size);
    for (let row = 0; row < size; row++) counts[domains[row] ?? 0] = (counts[domains[row] ?? 0] ?? 0) + 1;
    await setImmediate();
    const singles = counts.reduce((sum, count) => sum + (count === 1 ? 1 : 0), 0);
    const phases = new Float64Array(counts.length).fill(-1);
    const seen = new Uint32Array(counts.length);
    let single = 0;
    // Counting sort: each row falls into one of `size` boxes, and rows of one box keep the order of the list.
    const boxes = new Uint32Array(size);
    const starts = new Uint32Array(size + 1);
    for (let row = 0; row < size; row++) {
      const domain = domains[row] ?? 0;
      const count = counts[domain] ?? 1;
      let stands: number;
      if (count === 1) stands = (single++ + 0.5) / singles;
      else {
        if ((phases[domain] ?? 0) < 0) phases[domain] = (((row + 0.5) / size) * count) % 1;
        const nth = seen[domain] ?? 0;
        seen[domain] = nth + 1;
        stands = (nth + (phases[domain] ?? 0)) / count;
      }
      const box = Math.min(size - 1, Math.floor(stands * size));
      boxes[row] = box;
      starts[box + 1] = (starts[box + 1] ?? 0) + 1;
      if (row % SLICE === SLICE - 1) await setImmediate();
    }
    for (let box = 0; box < size; box++) starts[box + 1] = (starts[box + 1] ?? 0) + (starts[box] ?? 0);
    await setImmediate();
    return this.#chained(boxes, starts, seen);
  }

  /** Lays out the rows by box and links each domain's together. `last` is overwritten. */
  async #chained(
    boxes: Uint32Array<ArrayBuffer>,
    starts: Uint32Array<ArrayBuffer>,
    last: Uint32Array,
  ): Promise<SendingOrder> {
    const size = this.#size;
    const ids = new Uint32Array(size);
    const domainAt = new Uint32Array(size);
    for (let row = 0; row < size; row++) {
      const box = boxes[row] ?? 0;
      const place = starts[box] ?? 0;
      starts[box] = place + 1;
      ids[place] = this.#ids[row] ?? 0;
      domainAt[place] = this.#domains[row] ?? 0;
      if (row % SLICE === SLICE - 1) await setImmediate();
    }
    for (const used of [boxes, starts, this.#ids, this.#domains]) release(used);
    const next = new Uint32Array(size);
    last.fill(0);
    for (let place = size - 1; place >= 0; place--) {
      const domain = domainAt[place] ?? 0;
      next[place] = last[domain] ?? 0;
      last[domain] = place + 1;
      if (place % SLICE === SLICE - 1) await setImmediate();
    }
    release(domainAt);
    return new SendingOrder(this.#base, ids, next);
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
