import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { leftOutText } from './leftOut.ts';

/** What a person should know of a list before it is mailed: who is left out, and how it was read. */
export function aboutList(profile: ListProfile): Text[] {
  const left = leftOutText(profile.refused);
  return [...(left ? [msg('Left out: {0}', left)] : []), howRead(profile)];
}

/** “Mailchimp, UTF-8, addresses from “Email Address””. */
export function howRead({ service, text, header }: ListProfile): Text {
  const field = header.fields[header.addressIndex];
  const kind = text.sheet === undefined ? encodingName(text.encoding) : msg('sheet “{0}”', text.sheet);
  const read = msg('{0}, addresses from “{1}”', kind, field?.title || field?.name || '');
  return service === '' ? msg('List: {0}', read) : msg('List: {0} export, {1}', service, read);
}

export function encodingName(encoding: string): string {
  return /^(?:utf|iso|gb|koi|euc)/.test(encoding)
    ? encoding.toUpperCase()
    : encoding.replace(/^\w/, (letter) => letter.toUpperCase());
}
