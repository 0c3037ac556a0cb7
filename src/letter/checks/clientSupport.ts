import { bodyOffset, placeAt } from '../../compose/document/places.ts';
import { blockAround } from '../clients/blocks.ts';
import { type Construct, constructs, occurrences } from '../clients/constructs.ts';
import { supportOf, supportText } from '../clients/support.ts';
import { type Advice, finding } from './check.ts';

/** Its first occurrence without a fallback. */
function foundIn(construct: Construct, body: string): RegExpExecArray | null {
  for (const found of occurrences(construct, body)) {
    const { from, to } = blockAround(body, found.index);
    if (!construct.unless?.test(body.slice(from, to))) return found;
  }
  return null;
}

/** Constructs that some mail programs do not show, each once, with how many readers may be affected. */
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
