import type { Document } from '../compose/document/document.ts';
import { AddressSet } from '../compose/recipients/addressSet.ts';
import { type Condition, compileCondition } from '../compose/recipients/condition.ts';
import { readAddress } from '../compose/recipients/readAddress.ts';
import { type RowReadOptions, readRecipients } from '../compose/recipients/readRecipients.ts';
import { foldAddress } from '../shared/address.ts';

/** How the letter wants its list to be read. */
export type ListRules = Omit<RowReadOptions, 'file'> & {
  /** The condition as written, and the lists under `except`, which the front door opens. */
  whereText?: string;
  exceptNames?: readonly string[];
};

/** What the front matter says of the list. */
export function listRules(
  { frontMatter, places, path, variables }: Document,
  nameOf = (file: string) => file,
  where = frontMatter.where,
): ListRules {
  const { address, encoding, sheet, leaveOut, except } = frontMatter;
  const placed = (key: 'address' | 'encoding' | 'sheet') => {
    const place = places[key]?.value;
    return place ? { ...place, file: nameOf(path), key } : undefined;
  };
  const [addressPlace, encodingPlace, sheetPlace] = [placed('address'), placed('encoding'), placed('sheet')];
  return {
    ...(address === undefined ? {} : { addressField: address }),
    ...(addressPlace ? { addressPlace } : {}),
    ...(encoding === undefined ? {} : { encoding }),
    ...(encodingPlace ? { encodingPlace } : {}),
    ...(sheet === undefined ? {} : { sheet }),
    ...(sheetPlace ? { sheetPlace } : {}),
    ...(leaveOut ? { leaveOut } : {}),
    ...(where === undefined ? {} : { whereText: where, where: conditionOf(where, variables) }),
    ...(except ? { exceptNames: except } : {}),
  };
}

/** An invalid one selects nobody; the reason is among the findings. */
function conditionOf(source: string, variables: Record<string, unknown>): Condition {
  try {
    return compileCondition(source, variables);
  } catch {
    return { matches: () => false };
  }
}

/** The addresses of a list under `except`, whatever else its rows say. */
export async function exceptList(
  source: AsyncIterable<Uint8Array>,
  file: string,
): Promise<{ file: string; addresses: AddressSet }> {
  const addresses = new AddressSet();
  for await (const { rows, refused } of readRecipients(source, { file })) {
    for (const { address, line } of rows) addresses.add(foldAddress(address), line);
    for (const { address, line } of refused) {
      const read = readAddress(address);
      if (read.ok) addresses.add(foldAddress(read.address), line);
    }
  }
  return { file, addresses };
}
