/** The composing code: loaded on first use, so that activation stays fast. */
export function loadCompose(): Promise<typeof import('../../letter/index.ts')> {
  return import('../../letter/index.ts');
}
