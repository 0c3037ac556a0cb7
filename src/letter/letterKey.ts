import type { Document } from '../compose/document/document.ts';

/**
 * The identity of a letter: its `id:`, else the path of the document; never its content. `path` is absolute,
 * with links followed, or a URI.
 */
export function letterKey({ frontMatter }: Pick<Document, 'frontMatter'>, path: string): string {
  return frontMatter.id ? `id:${frontMatter.id}` : path;
}
