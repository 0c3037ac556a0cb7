/** Something that can be stopped at any moment, and more than once. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables; disposing it twice does nothing the second time. */
export class DisposableStore implements Disposable {
  #owned: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#owned.push(item);
    return item;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const item of this.#owned.splice(0).reverse()) item.dispose();
  }
}
