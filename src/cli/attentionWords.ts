import type { Attention } from '../shared/campaign.ts';
import { causeWords } from '../shared/causes.ts';
import { msg, type Text } from '../shared/errors.ts';
import { plural } from '../shared/words.ts';
import { clockTime } from './terminal.ts';
import { say } from './words.ts';

/** Why nothing moves, or what a person has to do, in one sentence. */
export function attentionWords(attention: Attention): string {
  return say(attentionText(attention));
}

function attentionText(attention: Attention): Text {
  switch (attention.kind) {
    case 'quota':
      return msg('limit of {0} reached, goes on at {1}', attention.transport, clockTime(attention.until));
    case 'retry':
      return msg('waiting to try again at {0}', clockTime(attention.until));
    case 'scheduled':
      return msg('starts at {0}', clockTime(attention.until));
    case 'outsideHours':
      return msg('outside the sending hours, goes on at {0}', clockTime(attention.until));
    case 'offline':
      return msg('this computer is offline, looks again at {0}', clockTime(attention.until));
    case 'transportClosed': {
      const { title } = causeWords[attention.cause];
      const { transport, text, until } = attention;
      return until > 0
        ? msg('{0} is not usable: {1} ({2}); tried again at {3}', transport, title, text, clockTime(until))
        : msg('{0} is not usable: {1} ({2})', transport, title, text);
    }
    case 'secretMissing':
      return msg('the password of {0} is missing; run “envoi resume” to give it', attention.transport);
    case 'refused': {
      const { title, remedy } = causeWords[attention.cause];
      return msg('stopped before the list is burned: {0} ({1}). {2}', title, attention.text, remedy);
    }
    case 'inDoubt':
      return plural(
        '{0} in doubt: no answer came back, the message may have arrived. Decide with “envoi decide”',
        '{0} in doubt: no answers came back, the messages may have arrived. Decide with “envoi decide”',
        attention.count,
      );
    case 'burning':
      return attention.by === 'bounces'
        ? msg(
            'stopped: {0} of the first {1} readers have no mailbox any more. A list like this harms your name as a sender; look at where it is from. “envoi resume” goes on all the same',
            attention.count,
            attention.of,
          )
        : msg(
            'stopped: {0} of {1} readers complained of it as spam. Providers refuse senders for less; look at whom it went to. “envoi resume” goes on all the same',
            attention.count,
            attention.of,
          );
    case 'diskFull':
      return msg('the store could not be written ({0}). Make room, then run “envoi resume”', attention.text);
    case 'missed':
      return msg('the planned start at {0} was missed. Run “envoi resume” to start now', clockTime(attention.at));
    case 'brokenCampaign':
      return msg('no message can be made: {0}', attention.text);
    default:
      return attention satisfies never;
  }
}
