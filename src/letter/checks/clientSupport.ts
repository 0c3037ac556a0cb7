import { bodyOffset, placeAt } from '../../compose/document/places.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { clientNames, constructs } from '../clients/constructs.ts';
import support from '../clients/support.json' with { type: 'json' };
import { type Advice, finding } from './check.ts';

const missing: Readonly<Record<string, readonly string[]>> = support.missing;
const NAMED = 4;

/** What the author wrote and some mail programs do not show, each construct once, with how many readers may be hit. */
export const clientSupport: Advice = {
  code: 'clientSupport',
  check: ({ document, list }) =>
    constructs.flatMap(({ slug, name, pattern }) => {
      const clients = missing[slug] ?? [];
      const found = clients.length > 0 ? pattern.exec(document.body) : null;
      if (!found) return [];
      const start = bodyOffset(document) + found.index;
      const place = placeAt(document, start, found[0].length);
      return [
        finding('clientSupport', 'info', sentence(name, clients, list?.providers ?? {}, list?.count ?? 0), place),
      ];
    }),
};

function sentence(
  name: string,
  clients: readonly string[],
  readers: Readonly<Record<string, number>>,
  total: number,
): Text {
  const names = clients.slice(0, NAMED).map((client) => clientNames[client]?.name ?? client);
  const more = clients.length - names.length;
  const where = more > 0 ? msg('{0} and {1} more', names.join(', '), more) : msg('{0}', names.join(', '));
  const providers = new Set(clients.flatMap((client) => clientNames[client]?.providers ?? []));
  const hit = [...providers].reduce((sum, id) => sum + (readers[id] ?? 0), 0);
  const share = total > 0 ? Math.round((hit / total) * 100) : 0;
  if (share < 1) return msg('“{0}” does not work in {1}.', name, where);
  return msg(
    '“{0}” does not work in {1}. {2}% of the list have their mailbox with these providers and may read there.',
    name,
    where,
    share,
  );
}
