import type { Arrival, AuthResult } from '../shared/arrival.ts';
import { readAuthResults } from './authResults.ts';

export type ArrivalPlacement = Arrival['placement'];

/** What the header of an arrived message says. Pure; all of it is untrusted. */
export function arrivalOf(
  header: string,
  where: { messageId: string; folder: string; placement: ArrivalPlacement },
  authServer: string,
): Arrival {
  const fields = fieldsOf(header);
  const named = (name: string) => fields.flatMap(([key, value]) => (key === name ? [value] : []));
  const found = resultsAbove(fields, authServer);
  const [last] = named('received');
  const receivedAt = Date.parse(last?.slice(last.lastIndexOf(';') + 1).trim() ?? '');
  const sentAt = Date.parse(named('date')[0] ?? '');
  const delayMs = receivedAt - sentAt;
  return {
    ...where,
    delayMs: Number.isFinite(delayMs) ? Math.max(0, delayMs) : null,
    ...found,
  };
}

/**
 * A server may write a field for each of its filters (RFC 8601, 4.1). They come above the Received line of the previous
 * hop; below that, and below the first result of a method, whatever carries its name came with the message.
 */
function resultsAbove(
  fields: readonly (readonly [string, string])[],
  authServer: string,
): Pick<Arrival, 'results' | 'strangers'> {
  const results: AuthResult[] = [];
  const strangers = new Set<string>();
  let hops = 0;
  for (const [name, value] of fields) {
    if (name === 'received') hops++;
    const read = name === 'authentication-results' ? readAuthResults(value) : null;
    if (!read) continue;
    const own = authServer !== '' && read.server.toLowerCase() === authServer.toLowerCase();
    if (!own) strangers.add(read.server);
    else if (hops < 2) {
      const known = new Set(results.map(({ method }) => method));
      results.push(...read.results.filter(({ method }) => !known.has(method)));
    }
  }
  return { results, strangers: [...strangers].slice(0, 10) };
}

const MOST_FIELDS = 500;

function fieldsOf(header: string): [name: string, value: string][] {
  const fields: [string, string][] = [];
  for (const line of header.split(/\r?\n/)) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line) && last) last[1] += ` ${line.trim()}`;
    else if (fields.length >= MOST_FIELDS) break;
    else {
      const colon = line.indexOf(':');
      if (colon > 0) fields.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]);
    }
  }
  return fields;
}

const JUNK =
  /^(?:.*[./])?(?:junk(?: e-?mail)?|spam|bulk(?: mail)?|courrier indésirable|indésirables?|pourriels?|unerwünscht|werbung)$/i;

/** What kind of folder it is: as the server says (RFC 6154), else by its name. */
export function placementOf({ path, specialUse }: { path: string; specialUse?: string | undefined }): ArrivalPlacement {
  if (path.toUpperCase() === 'INBOX' || specialUse === '\\Inbox') return 'inbox';
  return specialUse === '\\Junk' || JUNK.test(path) ? 'junk' : 'other';
}
