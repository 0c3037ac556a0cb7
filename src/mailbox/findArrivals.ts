import type { Arrival } from '../shared/arrival.ts';
import { arrivalOf, placementOf } from './arrival.ts';
import { inFolders, type MailboxAccess } from './imap.ts';

/** Folders searched at most: inbox and junk first. */
const MOST_FOLDERS = 30;
/** Octets of a header that are read. */
const MOST = 200_000;
/** Folders with copies of all messages; ours arrive elsewhere. */
const PASSED_OVER = ['\\Sent', '\\Drafts', '\\Trash', '\\All', '\\Flagged', '\\Important'];

/**
 * Looks once for messages by their Message-ID (`<…>`), in the inbox, in junk, and where a filter may have put them. Nothing is
 * changed: folders are opened with EXAMINE. Throws a UserError that says what failed.
 */
export async function findArrivals(access: MailboxAccess, messageIds: readonly string[]): Promise<Arrival[]> {
  const left = new Set(messageIds);
  const found: Arrival[] = [];
  await inFolders(access, async (folders, open) => {
    const ranks = { inbox: 0, junk: 1, other: 2 };
    const known = folders
      .filter(({ specialUse }) => !PASSED_OVER.includes(specialUse ?? ''))
      .map((folder) => ({ path: folder.path, placement: placementOf(folder) }))
      .sort((a, b) => ranks[a.placement] - ranks[b.placement]);
    for (const { path, placement } of known.slice(0, MOST_FOLDERS)) {
      if (left.size === 0) return;
      const client = await open(path);
      for (const messageId of left) {
        const uids = await client.search({ header: { 'message-id': messageId } }, { uid: true });
        const uid = uids ? uids.at(-1) : undefined;
        if (uid === undefined) continue;
        const message = await client.fetchOne(String(uid), { headers: true }, { uid: true });
        if (!message) continue;
        const header = (message.headers ?? Buffer.alloc(0)).subarray(0, MOST).toString('utf8');
        found.push(arrivalOf(header, { messageId, folder: path, placement }, access.settings.authServer));
        left.delete(messageId);
      }
    }
  });
  return found;
}
