import { placeOfKey } from '../../compose/document/places.ts';
import { parseMailbox } from '../../shared/address.ts';
import { type Finding, msg } from '../../shared/errors.ts';
import { type CheckInput, finding, type MustHave } from './check.ts';

/** The From and reply addresses, from the front matter or else the setting. */
export const sender: MustHave = {
  codes: ['fromMissing', 'fromInvalid', 'replyToInvalid'],
  check: (input) => [...mailbox(input, 'from'), ...mailbox(input, 'replyTo')],
};

function mailbox({ document, settings }: CheckInput, key: 'from' | 'replyTo'): Finding[] {
  const own = document.frontMatter[key];
  const written = own ?? settings[key];
  if (written.trim() === '') {
    if (key === 'replyTo') return [];
    const text = msg('No sender: set “from” in the front matter, or envoi.from.');
    return [finding('fromMissing', 'error', text, placeOfKey(document, key))];
  }
  const parsed = parseMailbox(written);
  if (parsed.ok) return [];
  const place = own === undefined ? { file: document.path, line: 1, key: `envoi.${key}` } : placeOfKey(document, key);
  return [
    finding(`${key}Invalid`, 'error', msg('“{0}” is not a valid email address: {1}.', written, parsed.reason), place),
  ];
}
