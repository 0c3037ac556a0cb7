import type { Newsletter } from '../newsletter.ts';

/** The bytes of `data:image/png;base64,…`; undefined for one that is written otherwise. */
export function bytesOfDataUrl(url: string): Uint8Array | undefined {
  const comma = url.indexOf(',');
  if (comma < 0 || !/;\s{0,9}base64\s{0,9}$/i.test(url.slice(0, Math.min(comma, 200)))) return undefined;
  let written = url.slice(comma + 1);
  if (written.includes('%')) {
    try {
      written = decodeURIComponent(written);
    } catch {
      return undefined;
    }
  }
  return Buffer.from(written, 'base64');
}

type Image = Newsletter['images'][number];

/** An image's bytes: embedded as data, else from its file. */
export function imageBytes(
  { path, data }: Pick<Image, 'path' | 'data'>,
  read: (path: string) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  return data === undefined ? read(path) : Promise.resolve(Buffer.from(data, 'base64'));
}
