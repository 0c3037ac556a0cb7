import { ImapFlow, type ImapFlowOptions, type MailboxObject } from 'imapflow';
import { msg, UserError } from '../shared/errors.ts';
import type { MailboxSettings } from '../shared/settings.ts';

/** How far a folder has been read: UIDs count within a validity (RFC 3501, 2.3.1.1). */
export interface MailboxCursor {
  validity: string;
  uid: number;
}

export interface RawMail {
  uid: number;
  raw: Uint8Array;
}

export interface MailboxAccess {
  settings: MailboxSettings;
  /** Password, or access token for oauth2. */
  secret: string;
  /** Aborts the work in progress at once. */
  signal?: AbortSignal;
  /** PEM of an authority to trust in addition to the system's, or "". */
  ca?: string;
}

/** Octets of one message that are read: a bounce states its reason before it quotes the letter. */
const MOST = 400_000;
const BATCH = 50;
const PATIENCE_MS = 30_000;
/** Servers close a connection idle for half an hour (RFC 2177, 3). */
const MAX_IDLE_MS = 25 * 60_000;

/**
 * New messages of a folder in batches, oldest first, with the cursor that follows each. The folder is opened with
 * EXAMINE and messages are fetched with PEEK: no flag is set, nothing is moved or deleted. With no cursor, or when the
 * server renumbers, it begins at `since`. Throws a UserError that says what failed.
 */
export async function* newMail(
  access: MailboxAccess,
  cursor: MailboxCursor,
  since: Date,
): AsyncGenerator<{ mails: RawMail[]; cursor: MailboxCursor }> {
  const client = clientOf(access);
  try {
    const folder = await opened(client, access);
    const validity = String(folder.uidValidity);
    const known = validity === cursor.validity;
    const criteria = known ? { uid: `${cursor.uid + 1}:*` } : { since };
    const answer = await client.search(criteria, { uid: true });
    if (!answer) throw new Error('the server does not search');
    const found = answer.filter((uid) => !known || uid > cursor.uid).sort((a, b) => a - b);
    // After all messages, also where the newest have been removed since.
    const last = Math.max(folder.uidNext - 1, found.at(-1) ?? 0, known ? cursor.uid : 0);
    if (found.length === 0) yield { mails: [], cursor: { validity, uid: last } };
    for (let at = 0; at < found.length; at += BATCH) {
      const uids = found.slice(at, at + BATCH);
      const mails: RawMail[] = [];
      for await (const { uid, source } of client.fetch(uids, { source: { maxLength: MOST } }, { uid: true }))
        if (source) mails.push({ uid, raw: source });
      const isLast = at + BATCH >= found.length;
      yield { mails, cursor: { validity, uid: isLast ? last : (uids.at(-1) ?? cursor.uid) } };
    }
  } catch (error) {
    throw unreadable(access.settings, error);
  } finally {
    await client.logout().catch(() => client.close());
  }
}

/** How many messages the folder holds; it has been signed in to and opened. Throws a UserError that says what failed. */
export async function countMail(access: MailboxAccess): Promise<number> {
  const client = clientOf(access);
  try {
    return (await opened(client, access)).exists;
  } catch (error) {
    throw unreadable(access.settings, error);
  } finally {
    await client.logout().catch(() => client.close());
  }
}

/**
 * Resolves when there is mail after the cursor, at once if there is already, or when the access's signal ends it. It waits with IDLE
 * (RFC 2177), or polls every two minutes where the server does not support it. Throws a UserError when the connection ends.
 */
export async function mailArrives(access: MailboxAccess, cursor: MailboxCursor): Promise<void> {
  const client = clientOf(access, MAX_IDLE_MS);
  const heard = new Promise<void>((resolve) => {
    client.on('exists', ({ count, prevCount }) => count > prevCount && resolve());
    client.on('close', () => resolve());
  });
  try {
    const folder = await opened(client, access);
    if (String(folder.uidValidity) !== cursor.validity || folder.uidNext > cursor.uid + 1) return;
    await Promise.race([heard, client.idle()]);
    if (!client.usable && !access.signal?.aborted) throw new Error('the connection ended');
  } catch (error) {
    if (!access.signal?.aborted) throw unreadable(access.settings, error);
  } finally {
    client.close();
  }
}

/** Hands over the folders there are and a way to open one with EXAMINE. Throws a UserError that says what failed. */
export async function inFolders(
  access: MailboxAccess,
  work: (
    folders: readonly { path: string; specialUse?: string | undefined }[],
    open: (path: string) => Promise<ImapFlow>,
  ) => Promise<void>,
): Promise<void> {
  const client = clientOf(access);
  try {
    await client.connect();
    await work(await client.list(), async (path) => {
      await client.mailboxOpen(path, { readOnly: true });
      return client;
    });
  } catch (error) {
    throw unreadable(access.settings, error);
  } finally {
    await client.logout().catch(() => client.close());
  }
}

function clientOf(access: MailboxAccess, maxIdleTime?: number): ImapFlow {
  const client = new ImapFlow({ ...optionsOf(access), ...(maxIdleTime && { maxIdleTime }) });
  // Reported by the next call that fails.
  client.on('error', () => {});
  const { signal } = access;
  const end = () => client.close();
  signal?.addEventListener('abort', end);
  client.once('close', () => signal?.removeEventListener('abort', end));
  return client;
}

/** With EXAMINE: nothing can be changed through it. */
async function opened(client: ImapFlow, access: MailboxAccess): Promise<MailboxObject> {
  access.signal?.throwIfAborted();
  await client.connect();
  return client.mailboxOpen(access.settings.folder, { readOnly: true });
}

function optionsOf({ settings, secret, ca }: MailboxAccess): ImapFlowOptions {
  const { host, port, security, user, auth } = settings;
  return {
    host,
    port,
    secure: security === 'tls',
    doSTARTTLS: security === 'starttls' ? true : security === 'none' ? false : undefined,
    auth: auth === 'oauth2' ? { user, accessToken: secret } : { user, pass: secret },
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca && { ca }) },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: 2 * PATIENCE_MS,
  };
}

function unreadable({ host, port, user, folder }: MailboxSettings, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const failed = error as {
    authenticationFailed?: boolean;
    responseText?: string;
    mailboxMissing?: boolean;
    message?: string;
  };
  const words = String(failed.responseText ?? failed.message ?? error).slice(0, 300);
  if (failed.authenticationFailed) {
    return new UserError(
      'mailboxSignIn',
      msg('{0} refused the sign-in of {1}: {2}', host, user, words),
      msg(
        'Enter the right password; many providers require an app password for IMAP. Nothing was changed in the mailbox.',
      ),
    );
  }
  if (failed.mailboxMissing) {
    return new UserError(
      'mailboxFolder',
      msg('The mailbox of {0} has no folder {1}: {2}', user, folder, words),
      msg('Correct “folder” in envoi.mailboxes.'),
    );
  }
  return new UserError(
    'mailboxUnreachable',
    msg('The mailbox at {0}:{1} cannot be read: {2}', host, port, words),
    msg('Check host, port and security in envoi.mailboxes. Nothing is lost; it will be read next time.'),
  );
}
