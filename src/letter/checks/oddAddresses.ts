import type { HintedRow } from '../../compose/recipients/addressHints.ts';
import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import { domainOf } from '../../shared/address.ts';
import { type Finding, msg } from '../../shared/errors.ts';
import { plural } from '../../shared/words.ts';

/** A valid address that looks as if it should not be mailed. */
export function hintFinding({ line, address, hint }: HintedRow, file: string): Finding {
  const place = { file, line, column: 1 };
  switch (hint.kind) {
    case 'typo': {
      const { suggestion } = hint;
      return {
        severity: 'warning',
        code: 'addressTypo',
        text: msg('{0}: did you mean {1}?', address, suggestion),
        place,
        data: { word: domainOf(address), suggestion },
      };
    }
    case 'role':
      return {
        severity: 'warning',
        code: 'addressRole',
        text: msg(
          '{0} is not a person’s address: perhaps nobody reads it, and such mail is often treated as spam.',
          address,
        ),
        place,
      };
    case 'disposable':
      return {
        severity: 'warning',
        code: 'addressDisposable',
        text: msg('{0} is a disposable address: it may no longer exist.', address),
        place,
      };
    default:
      return hint satisfies never;
  }
}

/** Reported once for all: such addresses are often right, and a list of associations is full of them. */
export function sharedAddresses({ shared }: ListProfile, lists: readonly ListProfile[]): Finding[] {
  const { count, lines, list = 0 } = shared;
  const told = lists[list];
  if (count === 0 || !told) return [];
  const [first = 1] = lines;
  return [
    {
      severity: 'info',
      code: 'addressShared',
      text: plural(
        '{0} address is a role address, such as info@ or contact@ (line {1}): several people may read it, and none of them may have asked for the letter.',
        '{0} addresses are role addresses, such as info@ or contact@ (lines {1}): several people may read them, and none of them may have asked for the letter.',
        count,
        lines.join(', ') + (count > lines.length ? ', …' : ''),
      ),
      place: { file: told.file, line: Number(String(first).split(':').at(-1)), column: 1 },
    },
  ];
}
