import { placeOfKey } from '../../compose/document/places.ts';
import { msg } from '../../shared/errors.ts';
import { finding, type MustHave } from './check.ts';

export const subjectMissing: MustHave = {
  codes: ['subjectMissing'],
  check({ document }) {
    if (document.frontMatter.subject?.trim()) return [];
    const text = msg('No subject: set “subject” in the front matter.');
    return [finding('subjectMissing', 'error', text, placeOfKey(document, 'subject'))];
  },
};
