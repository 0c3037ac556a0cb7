import type { ToPreview } from '../../src/protocol/previewMessages.ts';

type Images = Extract<ToPreview, { type: 'images' }>['images'];

/** The letter's own pictures as addresses that its frame may load. */
export class ImageStore {
  readonly #urls = new Map<string, string>();

  take(images: Images): void {
    for (const { cid, mime, bytes } of images) {
      const old = this.#urls.get(cid);
      if (old) URL.revokeObjectURL(old);
      this.#urls.set(cid, URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: mime })));
    }
  }

  url(cid: string): string | undefined {
    return this.#urls.get(cid);
  }
}
