import { msg } from '../../shared/errors.ts';
import { placeOfKey } from './places.ts';
import { finding, type Rule } from './rule.ts';

export const recipientsMissing: Rule = {
  code: 'recipientsMissing',
  check({ document, list }) {
    if (list || document.frontMatter.recipients) return [];
    const text = msg('No list of recipients: set “recipients” in the front matter to a CSV file.');
    return [finding('recipientsMissing', 'warning', text, placeOfKey(document, 'recipients'))];
  },
};
