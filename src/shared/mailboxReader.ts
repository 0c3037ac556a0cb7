import { msg } from './errors.ts';
import { isLoopback } from './loopback.ts';
import type { MailboxSettings } from './settings.ts';
import type { ValueReader } from './valueReader.ts';

const keys = ['host', 'port', 'security', 'user', 'auth', 'folder', 'authServer'];

/** The setting `envoi.mailboxes`: mailboxes that returned mail arrives in, by name. */
export function readMailboxes(reader: ValueReader, value: unknown): Record<string, MailboxSettings> {
  const path = ['envoi.mailboxes'];
  const mailboxes: Record<string, MailboxSettings> = Object.create(null);
  for (const [name, item] of Object.entries(reader.object(path, value))) {
    const at = [...path, name];
    if (!/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(name))
      reader.wrong(at, msg('a name of letters, digits, spaces, dots and dashes'), name);
    const raw = reader.object(at, item, keys);
    const security = reader.oneOf([...at, 'security'], raw.security, 'tls', ['tls', 'starttls', 'none']);
    const host = reader.text([...at, 'host'], raw.host, '');
    const user = reader.text([...at, 'user'], raw.user, '');
    if (host === '')
      reader.wrong([...at, 'host'], msg('the host name of the server, such as {0}', 'imap.example.org'), '');
    if (user === '') reader.wrong([...at, 'user'], msg('the user name of the mailbox'), '');
    if (security === 'none' && !isLoopback(host)) {
      reader.report(
        'error',
        'secretInClear',
        [...at, 'security'],
        msg(
          '{0} is "none": the password would cross the network in the clear. Use "starttls" or "tls".',
          [...at, 'security'].join('.'),
        ),
      );
    }
    mailboxes[name] = {
      host,
      port: reader.whole([...at, 'port'], raw.port, security === 'tls' ? 993 : 143, 1, 65535),
      security,
      user,
      auth: reader.oneOf([...at, 'auth'], raw.auth, 'password', ['password', 'oauth2']),
      folder: reader.text([...at, 'folder'], raw.folder, 'INBOX'),
      authServer: reader.text([...at, 'authServer'], raw.authServer, ''),
    };
  }
  return { ...mailboxes };
}
