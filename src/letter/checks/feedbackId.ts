import { placeOfKey } from '../../compose/document/places.ts';
import { msg } from '../../shared/errors.ts';
import { finding, type MustHave } from './check.ts';

/** Gmail accepts only its own format: up to three identifiers and the sender's, by which it aggregates. */
const FORM = /^(?:[^:\s]*:){3}[A-Za-z0-9_-]{5,15}$/;

export const feedbackId: MustHave = {
  codes: ['feedbackId'],
  check({ document, settings }) {
    const written = settings.feedbackId.trim();
    if (written === '' || FORM.test(written)) return [];
    const text = msg(
      'Gmail does not accept “{0}” as a Feedback-ID: it needs three identifiers and a sender ID of 5 to 15 letters or digits, such as {1}.',
      written,
      'spring:list7:news:mygarden',
    );
    return [finding('feedbackId', 'warning', text, { ...placeOfKey(document, 'from'), key: 'envoi.feedbackId' })];
  },
};
