/**
 * Which addresses were seen, and on which line first, in some 20 bytes each: a 64-bit hash instead of the text. Two of a
 * million different addresses share a hash once in some forty million lists.
 */
export class AddressSet {
  #low = new Uint32Array(1024);
  #high = new Uint32Array(1024);
  #line = new Uint32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The line on which it was first added, or 0 when it is new; a new one is added with `line` (from 1). */
  add(address: string, line: number): number {
    if (this.#size * 3 > this.#line.length * 2) this.#grow();
    const low = hash(address, 0x811c9dc5, 0x01000193);
    const high = hash(address, 0x9e3779b9, 0x5bd1e995);
    const at = this.#find(low, high);
    const known = this.#line[at] ?? 0;
    if (known !== 0) return known;
    this.#put(at, low, high, line);
    this.#size++;
    return 0;
  }

  /** The line on which it was added; 0 when it was not. */
  lineOf(address: string): number {
    const low = hash(address, 0x811c9dc5, 0x01000193);
    const high = hash(address, 0x9e3779b9, 0x5bd1e995);
    return this.#line[this.#find(low, high)] ?? 0;
  }

  #find(low: number, high: number): number {
    const mask = this.#line.length - 1;
    let at = (low ^ high) & mask;
    while (this.#line[at] !== 0 && (this.#low[at] !== low || this.#high[at] !== high)) at = (at + 1) & mask;
    return at;
  }

  #put(at: number, low: number, high: number, line: number): void {
    this.#low[at] = low;
    this.#high[at] = high;
    this.#line[at] = line;
  }

  #grow(): void {
    const [lows, highs, lines] = [this.#low, this.#high, this.#line];
    const length = lines.length * 2;
    this.#low = new Uint32Array(length);
    this.#high = new Uint32Array(length);
    this.#line = new Uint32Array(length);
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] ?? 0;
      if (line === 0) continue;
      const [low, high] = [lows[i] ?? 0, highs[i] ?? 0];
      this.#put(this.#find(low, high), low, high, line);
    }
  }
}

/** As FNV-1a, with a final mix (murmur3's), 32 bits, over UTF-16 units. Two factors: two hashes that are not related. */
function hash(text: string, seed: number, factor: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), factor);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
