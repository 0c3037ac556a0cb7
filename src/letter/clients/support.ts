import { msg, type Text } from '../../shared/errors.ts';
import { type Construct, clientNames, constructs, occurrences } from './constructs.ts';
import data from './support.json' with { type: 'json' };

const missing: Readonly<Record<string, readonly string[]>> = data.missing;
const NAMED = 4;

/** The day of caniemail's data. */
export const SUPPORT_DATE: string = data.date;

/** How many of a list have their mailbox with each provider. */
export interface Readers {
  providers: Readonly<Record<string, number>>;
  count: number;
}

/** Which mail programs do not show a construct, and what share of the list may read there, in percent. */
export interface Support {
  slug: string;
  name: string;
  clients: readonly { name: string; percent: number }[];
  /** For all of them together: a mailbox counts once, whatever programs open it. */
  percent: number;
}

/** Null for what every program shows. */
export function supportOf({ slug, name }: Construct, readers: Readers): Support | null {
  const clients = (missing[slug] ?? []).map((client) => clientNames[client] ?? { name: client, providers: [] });
  if (clients.length === 0) return null;
  const percent = (providers: Iterable<string>) => {
    const hit = [...providers].reduce((sum, id) => sum + (readers.providers[id] ?? 0), 0);
    return readers.count > 0 ? Math.round((hit / readers.count) * 100) : 0;
  };
  return {
    slug,
    name,
    clients: clients.map((client) => ({ name: client.name, percent: percent(client.providers) })),
    percent: percent(new Set(clients.flatMap(({ providers }) => providers))),
  };
}

export function supportText({ name, clients, percent }: Support): Text {
  const names = clients.slice(0, NAMED).map((client) => client.name);
  const more = clients.length - names.length;
  const where = more > 0 ? msg('{0} and {1} more', names.join(', '), more) : msg('{0}', names.join(', '));
  if (percent < 1) return msg('“{0}” does not work in {1}.', name, where);
  return msg(
    '“{0}” does not work in {1}. {2}% of the recipients have their mailbox with these providers and may read the letter there.',
    name,
    where,
    percent,
  );
}

/** The construct that stands at an offset of a letter's text, and from where to where. */
export function constructAt(text: string, offset: number): { construct: Construct; from: number; to: number } | null {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const line = text.slice(start, end === -1 ? undefined : end).slice(0, LONGEST_LINE);
  for (const construct of constructs)
    for (const found of occurrences(construct, line)) {
      const from = start + found.index;
      const to = from + found[0].length;
      if (from <= offset && offset <= to) return { construct, from, to };
    }
  return null;
}

/** Longer lines are not searched: nobody hovers there. */
const LONGEST_LINE = 5_000;
