import { release } from '../../shared/release.ts';

/** Tables, a power of two. One that is full grows by itself: laying out all of a million anew at once would take 80 ms. */
const TABLES = 64;
/** Of an address: two halves of its hash, and its line. */
const WORDS = 3;

/**
 * Which addresses were seen, and on which line first, in some 20 bytes each: a 64-bit hash instead of the text. Two of a
 * million different addresses share a hash once in some forty million lists.
 */
export class AddressSet {
  readonly #tables = Array.from({ length: TABLES }, () => new Table());
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The line on which it was first added, or 0 when it is new; a new one is added with `line` (from 1). */
  add(address: string, line: number): number {
    hash(address);
    const known = this.#table().add(low, high, line);
    if (known === 0) this.#size++;
    return known;
  }

  /** The line on which it was added; 0 when it was not. */
  lineOf(address: string): number {
    hash(address);
    return this.#table().lineOf(low, high);
  }

  /** Returns its memory; it must not be used any more. */
  release(): void {
    for (const table of this.#tables) table.release();
  }

  #table(): Table {
    return this.#tables[high >>> 26] as Table;
  }
}

/** Open addressing, the three words of an entry side by side. */
class Table {
  #words = new Uint32Array(32 * WORDS);
  #room = 32;
  #size = 0;

  /** As AddressSet's. */
  add(low: number, high: number, line: number): number {
    if (this.#size * 3 > this.#room * 2) this.#grow();
    const at = this.#find(low, high);
    const known = this.#words[at + 2] ?? 0;
    if (known !== 0) return known;
    this.#put(at, low, high, line);
    this.#size++;
    return 0;
  }

  lineOf(low: number, high: number): number {
    return this.#words[this.#find(low, high) + 2] ?? 0;
  }

  release(): void {
    release(this.#words);
  }

  #find(low: number, high: number): number {
    const words = this.#words;
    const mask = this.#room - 1;
    let n = (low ^ high) & mask;
    let at = n * WORDS;
    while (words[at + 2] !== 0 && (words[at] !== low || words[at + 1] !== high)) {
      n = (n + 1) & mask;
      at = n * WORDS;
    }
    return at;
  }

  #put(at: number, low: number, high: number, line: number): void {
    const words = this.#words;
    words[at] = low;
    words[at + 1] = high;
    words[at + 2] = line;
  }

  #grow(): void {
    const words = this.#words;
    this.#room *= 2;
    this.#words = new Uint32Array(this.#room * WORDS);
    for (let at = 0; at < words.length; at += WORDS) {
      const line = words[at + 2] ?? 0;
      if (line === 0) continue;
      const [low, high] = [words[at] ?? 0, words[at + 1] ?? 0];
      this.#put(this.#find(low, high), low, high, line);
    }
    release(words);
  }
}

/** What `hash` found last: two numbers, passed without allocating an object. */
let low = 0;
let high = 0;

/** As FNV-1a, with a final mix (murmur3's), 32 bits, over UTF-16 units. Two factors make the two hashes independent. */
function hash(text: string): void {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9 | 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
  }
  low = mixed(a);
  high = mixed(b);
}

function mixed(h: number): number {
  let m = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  m = Math.imul(m ^ (m >>> 13), 0xc2b2ae35);
  return (m ^ (m >>> 16)) >>> 0;
}
