import type { Attention } from '../shared/campaign.ts';
import { causeWords } from '../shared/causes.ts';
import { clockTime } from './terminal.ts';
import { say } from './words.ts';

/** Why nothing moves, or what a person has to do, in one sentence. */
export function attentionWords(attention: Attention): string {
  switch (attention.kind) {
    case 'quota':
      return `limit of ${attention.transport} reached, goes on at ${clockTime(attention.until)}`;
    case 'retry':
      return `waiting to try again at ${clockTime(attention.until)}`;
    case 'scheduled':
      return `starts at ${clockTime(attention.until)}`;
    case 'outsideHours':
      return `outside the sending hours, goes on at ${clockTime(attention.until)}`;
    case 'offline':
      return `this computer is offline, looks again at ${clockTime(attention.until)}`;
    case 'transportClosed': {
      const again = attention.until > 0 ? `; tried again at ${clockTime(attention.until)}` : '';
      return `${attention.transport} is not usable: ${say(causeWords[attention.cause].title)} (${attention.text})${again}`;
    }
    case 'secretMissing':
      return `the password of ${attention.transport} is missing; run “envoi resume” to give it`;
    case 'refused':
      return `stopped before the list is burned: ${say(causeWords[attention.cause].title)} (${attention.text}). ${say(causeWords[attention.cause].remedy)}`;
    case 'inDoubt':
      return `${attention.count} in doubt: no answer came back, the message may have arrived. Decide with “envoi decide”`;
    case 'diskFull':
      return `the store could not be written (${attention.text}). Make room, then run “envoi resume”`;
    case 'missed':
      return `the planned start at ${clockTime(attention.at)} was missed. Run “envoi resume” to start now`;
    case 'brokenCampaign':
      return `no message can be made: ${attention.text}`;
    default:
      return attention satisfies never;
  }
}
