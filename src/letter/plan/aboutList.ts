import { listName, listsOf } from '../../compose/recipients/eachList.ts';
import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { plural } from '../../shared/words.ts';
import { leftOutText } from './leftOut.ts';

/** What a person should know about a list before it is mailed: who is left out, and how it was read. */
export function aboutList(profile: ListProfile): Text[] {
  const left = leftOutText(profile.refused);
  return [
    ...(left ? [msg('Left out: {0}', left)] : []),
    ...listsOf(profile).map((list) => howRead(list, profile.parts.length > 0)),
  ];
}

/** “Mailchimp, UTF-8, addresses from “Email Address””. */
export function howRead({ service, text, header, file, count }: ListProfile, several = false): Text {
  const field = header.fields[header.addressIndex];
  const kind = text.sheet === undefined ? encodingName(text.encoding) : msg('sheet “{0}”', text.sheet);
  const read = msg('{0}, addresses from “{1}”', kind, field?.title || field?.name || '');
  const how = service === '' ? read : msg('{0} export, {1}', service, read);
  if (!several) return msg('List: {0}', how);
  return msg('{0}: {1}, {2}', listName(file), plural('{0} recipient', '{0} recipients', count), how);
}

/** How a list was read, in a word or two: “Mailchimp, UTF-8”; of several lists each way once. */
export function readAs(profile: ListProfile): Text {
  const ways = listsOf(profile).map(({ service, text }) => {
    const kind = text.sheet === undefined ? msg('{0}', encodingName(text.encoding)) : msg('sheet “{0}”', text.sheet);
    return service === '' ? kind : msg('{0} export, {1}', service, kind);
  });
  const different = [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()];
  return different.reduce((all, way) => msg('{0}; {1}', all, way));
}

export function encodingName(encoding: string): string {
  return /^(?:utf|iso|gb|koi|euc)/.test(encoding)
    ? encoding.toUpperCase()
    : encoding.replace(/^\w/, (letter) => letter.toUpperCase());
}
