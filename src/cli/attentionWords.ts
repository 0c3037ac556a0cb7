import type { Attention } from '../shared/campaign.ts';
import { causeWords } from '../shared/causes.ts';
import { detailText } from '../shared/detailText.ts';
import { msg, type Text } from '../shared/errors.ts';
import { plural } from '../shared/words.ts';
import { clockTime } from './terminal.ts';
import { say, words } from './words.ts';

/** Why nothing is being sent, or what a person has to do, in one sentence. */
export function attentionWords(attention: Attention): string {
  return say(attentionText(attention));
}

function attentionText(attention: Attention): Text {
  switch (attention.kind) {
    case 'quota':
      return msg('limit of {0} reached, resumes at {1}', attention.transport, clockTime(attention.until));
    case 'retry':
      return msg('waiting to try again at {0}', clockTime(attention.until));
    case 'scheduled':
      return msg('starts at {0}', clockTime(attention.until));
    case 'outsideHours':
      return msg('outside the sending hours, resumes at {0}', clockTime(attention.until));
    case 'offline':
      return msg('this computer is offline, checks again at {0}', clockTime(attention.until));
    case 'transportClosed': {
      const { title } = causeWords[attention.cause];
      const { transport, text, until } = attention;
      const why = detailText(text, words);
      return until > 0
        ? msg('{0} is unavailable: {1} ({2}); next attempt at {3}', transport, title, why, clockTime(until))
        : msg('{0} is unavailable: {1} ({2})', transport, title, why);
    }
    case 'secretMissing':
      return msg('the password of {0} is missing; run “envoi resume” to give it', attention.transport);
    case 'refused': {
      const { title, remedy } = causeWords[attention.cause];
      return msg('stopped to protect your list: {0} ({1}). {2}', title, detailText(attention.text, words), remedy);
    }
    case 'inDoubt':
      return plural(
        '{0} in doubt: no reply came back, the message may have arrived. Decide with “envoi decide”',
        '{0} in doubt: no replies came back, the messages may have arrived. Decide with “envoi decide”',
        attention.count,
      );
    case 'burning':
      return attention.by === 'bounces'
        ? msg(
            'stopped: {0} of the first {1} mailboxes no longer exist. A list like this harms your reputation as a sender. Check where it comes from. “envoi resume” continues anyway',
            attention.count,
            attention.of,
          )
        : msg(
            'stopped: {0} of {1} readers reported it as spam. Providers block senders for less. Check who it went to. “envoi resume” continues anyway',
            attention.count,
            attention.of,
          );
    case 'diskFull':
      return msg('the store could not be written ({0}). Make room, then run “envoi resume”', attention.text);
    case 'missed':
      return msg('the planned start at {0} was missed. Run “envoi resume” to start now', clockTime(attention.at));
    case 'brokenCampaign':
      return msg('no message can be rendered: {0}', attention.text);
    default:
      return attention satisfies never;
  }
}
