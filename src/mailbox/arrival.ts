import type { Arrival } from '../shared/arrival.ts';
import { readAuthResults } from './authResults.ts';

export type Placement = Arrival['placement'];

/** What the header of a message that arrived tells. Pure; every word of it may be a stranger's. */
export function arrivalOf(
  header: string,
  where: { messageId: string; folder: string; placement: Placement },
  authServer: string,
): Arrival {
  const fields = fieldsOf(header);
  const named = (name: string) => fields.flatMap(([key, value]) => (key === name ? [value] : []));
  const found = named('authentication-results').flatMap((field) => readAuthResults(field) ?? []);
  const own = found.filter(({ server }) => authServer !== '' && server.toLowerCase() === authServer.toLowerCase());
  const [last] = named('received');
  const receivedAt = Date.parse(last?.slice(last.lastIndexOf(';') + 1).trim() ?? '');
  const sentAt = Date.parse(named('date')[0] ?? '');
  const delayMs = receivedAt - sentAt;
  return {
    ...where,
    delayMs: Number.isFinite(delayMs) ? Math.max(0, delayMs) : null,
    // What its own server wrote stands topmost: one that came with the message stands below it.
    results: own[0]?.results ?? [],
    strangers: [...new Set(found.filter((each) => !own.includes(each)).map(({ server }) => server))].slice(0, 10),
  };
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

/** Which kind of folder it is: as the server says (RFC 6154), else by its name. */
export function placementOf({ path, specialUse }: { path: string; specialUse?: string | undefined }): Placement {
  if (path.toUpperCase() === 'INBOX' || specialUse === '\\Inbox') return 'inbox';
  return specialUse === '\\Junk' || JUNK.test(path) ? 'junk' : 'other';
}
