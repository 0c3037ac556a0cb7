import { parseMailbox } from '../../shared/address.ts';
import { format, msg } from '../../shared/errors.ts';
import { placeOfKey } from '../document/places.ts';
import type { Mailbox } from '../newsletter.ts';
import type { Compilation } from './compilation.ts';

/** Sender or reply address, by the front matter or else the setting; null when there is none or it is no address. */
export function mailboxOf(compilation: Compilation, key: 'from' | 'replyTo', setting: string): Mailbox | null {
  const { document } = compilation;
  const written = document.frontMatter[key] ?? setting;
  if (written.trim() === '') {
    if (key === 'from') {
      const text = msg('No sender: set “from” in the front matter, or envoi.from.');
      compilation.report('error', 'fromMissing', text, placeOfKey(document, key));
    }
    return null;
  }
  const parsed = parseMailbox(written);
  if (parsed.ok) return { name: parsed.name, address: parsed.address };
  const ofSetting = document.frontMatter[key] === undefined;
  const place = ofSetting ? { file: document.path, line: 1, key: `envoi.${key}` } : placeOfKey(document, key);
  const text = msg('“{0}” is no mail address: {1}.', written, format(parsed.reason));
  compilation.report('error', `${key}Invalid`, text, place);
  return null;
}
