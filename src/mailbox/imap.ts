import { ImapFlow, type ImapFlowOptions } from 'imapflow';
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
  /** PEM of an authority to trust besides the system's, or "". */
  ca?: string;
}

/** Octets of one message that are read: a bounce says its reason before it quotes the letter. */
const MOST = 400_000;
const BATCH = 50;
const PATIENCE_MS = 30_000;

/**
 * New messages of a folder in batches, oldest first, with the cursor that comes behind each. The folder is opened with
 * EXAMINE and messages are fetched with PEEK: no flag is set, nothing is moved or deleted. With no cursor, or when the
 * server numbers anew, it begins at `since`. Throws a UserError that says what failed.
 */
export async function* newMail(
  access: MailboxAccess,
  cursor: MailboxCursor,
  since: Date,
): AsyncGenerator<{ mails: RawMail[]; cursor: MailboxCursor }> {
  const { settings } = access;
  const client = new ImapFlow(optionsOf(access));
  // Told by whatever call fails next.
  client.on('error', () => {});
  try {
    await client.connect();
    const folder = await client.mailboxOpen(settings.folder, { readOnly: true });
    const validity = String(folder.uidValidity);
    const known = validity === cursor.validity;
    const criteria = known ? { uid: `${cursor.uid + 1}:*` } : { since };
    const found = ((await client.search(criteria, { uid: true })) || []).filter((uid) => !known || uid > cursor.uid);
    found.sort((a, b) => a - b);
    if (!known && found.length === 0) yield { mails: [], cursor: { validity, uid: Math.max(0, folder.uidNext - 1) } };
    for (let at = 0; at < found.length; at += BATCH) {
      const uids = found.slice(at, at + BATCH);
      const mails: RawMail[] = [];
      for await (const { uid, source } of client.fetch(uids, { source: { maxLength: MOST } }, { uid: true }))
        if (source) mails.push({ uid, raw: source });
      yield { mails, cursor: { validity, uid: uids.at(-1) ?? cursor.uid } };
    }
  } catch (error) {
    throw unreadable(settings, error);
  } finally {
    await client.logout().catch(() => client.close());
  }
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
      msg('{0} does not let {1} in: {2}', host, user, words),
      msg('Give the right password; many providers want an app password for IMAP. Nothing was changed in the mailbox.'),
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
    msg('Check host, port and security in envoi.mailboxes. Nothing is lost; it is read the next time.'),
  );
}
