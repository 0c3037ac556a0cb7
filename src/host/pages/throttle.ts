/**
 * Runs `work` at once, and after that at most once in `intervalMs`, always for the last request. A run that is
 * overtaken can ask `isCurrent()` and stop. Disposing it twice does nothing the second time.
 */
export class Throttle {
  readonly #intervalMs: number;
  readonly #work: (isCurrent: () => boolean) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #generation = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #disposed = false;

  constructor(intervalMs: number, work: (isCurrent: () => boolean) => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#work = work;
  }

  request(): void {
    if (this.#disposed || this.#timer) return;
    const wait = Math.max(0, this.#lastAt + this.#intervalMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#lastAt = performance.now();
      const generation = ++this.#generation;
      void this.#work(() => generation === this.#generation && !this.#disposed);
    }, wait);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
