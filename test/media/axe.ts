import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const { source } = createRequire(import.meta.url)('axe-core') as { source: string };

/** What axe finds against the page, as sentences; the letter inside is its author's and not looked at. */
export async function accessibilityFaults(page: Page | Frame): Promise<string[]> {
  await page.evaluate(`${source}; undefined`);
  return page.evaluate<string[]>(`axe.run(document, { iframes: false }).then(({ violations }) =>
    violations.flatMap(({ id, help, nodes }) => nodes.map((node) => id + ': ' + help + ': ' + node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? ''))))`);
}
