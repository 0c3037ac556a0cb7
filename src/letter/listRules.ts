import type { Document } from '../compose/document/document.ts';
import type { ReadOptions } from '../compose/recipients/readRecipients.ts';

/** How a list is to be read, as its letter says. */
export type ListRules = Omit<ReadOptions, 'file'>;

/** What the front matter says of the list. */
export function listRules({ frontMatter, places, path }: Document, nameOf = (file: string) => file): ListRules {
  const { address, leaveOut } = frontMatter;
  const place = places.address?.value;
  return {
    ...(address === undefined ? {} : { addressField: address }),
    ...(place ? { addressPlace: { ...place, file: nameOf(path), key: 'address' } } : {}),
    ...(leaveOut ? { leaveOut } : {}),
  };
}
