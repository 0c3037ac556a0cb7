import type { Document } from '../compose/document/document.ts';

/**
 * What makes two letters the same: their `id:`, else the place of the document; never what is in it. `path` is absolute,
 * with links followed, or a URI.
 */
export function letterKey({ frontMatter }: Pick<Document, 'frontMatter'>, path: string): string {
  return frontMatter.id ? `id:${frontMatter.id}` : path;
}
