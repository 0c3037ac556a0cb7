import { createComposer } from '../compose/createComposer.ts';
import { imageBytes } from '../compose/html/dataUrl.ts';
import type { Newsletter } from '../compose/newsletter.ts';

/** Placeholder for the unsubscribe link while the page is made: a public page must not unsubscribe anybody. */
export const UNSUBSCRIBE_PLACEHOLDER = 'https://envoi.invalid/leave?t={{ token }}';
const LEAVING = /<a\b[^>]*\bhref="https:\/\/envoi\.invalid\/[^"]*"[^>]*>[\s\S]*?<\/a>/gi;

/**
 * The letter as a page for everybody: no field has a value, so that defaults stand in, pictures are part of it, and there
 * is no link to leave. `newsletter` must have been made with `UNSUBSCRIBE_PLACEHOLDER`.
 */
export async function webPageOf(
  newsletter: Newsletter,
  read: (path: string) => Promise<Uint8Array>,
  now: number,
): Promise<string> {
  const context = { campaign: 'page', date: now, key: new Uint8Array(32) };
  const composer = await createComposer(newsletter, read, context, null);
  const { html } = await composer.render({ line: 0, address: '', fields: {} });
  let page = html.replace(LEAVING, '');
  for (const image of newsletter.images) {
    const data = Buffer.from(await imageBytes(image, read)).toString('base64');
    page = page.replaceAll(`cid:${image.cid}`, `data:${image.type};base64,${data}`);
  }
  return page;
}
