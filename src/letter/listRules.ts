import type { Document } from '../compose/document/document.ts';
import type { ReadOptions } from '../compose/recipients/readRecipients.ts';

/** How a list is to be read, as its letter says. */
export type ListRules = Omit<ReadOptions, 'file'>;

/** What the front matter says of the list. */
export function listRules({ frontMatter, places, path }: Document, nameOf = (file: string) => file): ListRules {
  const { address, encoding, leaveOut } = frontMatter;
  const placed = (key: 'address' | 'encoding') => {
    const place = places[key]?.value;
    return place ? { ...place, file: nameOf(path), key } : undefined;
  };
  const [addressPlace, encodingPlace] = [placed('address'), placed('encoding')];
  return {
    ...(address === undefined ? {} : { addressField: address }),
    ...(addressPlace ? { addressPlace } : {}),
    ...(encoding === undefined ? {} : { encoding }),
    ...(encodingPlace ? { encodingPlace } : {}),
    ...(leaveOut ? { leaveOut } : {}),
  };
}
