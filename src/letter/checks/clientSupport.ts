import { bodyOffset, placeAt } from '../../compose/document/places.ts';
import { blockAround } from '../clients/blocks.ts';
import { type Construct, constructs } from '../clients/constructs.ts';
import { supportOf, supportText } from '../clients/support.ts';
import { type Advice, finding } from './check.ts';

/** Nobody reads a letter that says it more often. */
const MOST = 2_000;

/** Where it stands first without what makes up for it. */
function foundIn({ pattern, unless }: Construct, body: string): RegExpExecArray | null {
  if (!unless) return pattern.exec(body);
  const all = new RegExp(pattern, 'gi');
  for (let left = MOST; left > 0; left--) {
    const found = all.exec(body);
    if (!found) return null;
    const { from, to } = blockAround(body, found.index);
    if (!unless.test(body.slice(from, to))) return found;
  }
  return null;
}

/** What the author wrote and some mail programs do not show, each construct once, with how many readers may be hit. */
export const clientSupport: Advice = {
  code: 'clientSupport',
  check: ({ document, list }) =>
    constructs.flatMap((construct) => {
      const support = supportOf(construct, { providers: list?.providers ?? {}, count: list?.count ?? 0 });
      const found = support && foundIn(construct, document.body);
      if (!support || !found) return [];
      const place = placeAt(document, bodyOffset(document) + found.index, found[0].length);
      return [
        { ...finding('clientSupport', 'info', supportText(support), place), data: { construct: construct.slug } },
      ];
    }),
};
