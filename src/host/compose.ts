/** The composing code: loaded on first use, so that activation stays fast. */
export function loadCompose(): Promise<typeof import('../compose/index.ts')> {
  return import('../compose/index.ts');
}
