import { placeAt } from '../../compose/document/places.ts';
import { msg } from '../../shared/errors.ts';
import { finding, type MustHave } from './check.ts';

/** What a text contains where bytes were decoded with the wrong encoding. */
const REPLACEMENT = '\ufffd';

/** An editor that opens a file in the wrong encoding shows this; once sent, it cannot be recovered. */
export const wrongEncoding: MustHave = {
  codes: ['wrongEncoding'],
  check({ document }) {
    const at = document.text.indexOf(REPLACEMENT);
    if (at < 0) return [];
    const text = msg(
      'The letter was opened in the wrong encoding: {0} marks a lost character. Reopen it with the right one, such as Windows 1252.',
      REPLACEMENT,
    );
    return [finding('wrongEncoding', 'error', text, placeAt(document, at, 1))];
  },
};
