import type { Submission } from '../../providers/provider.ts';
import type { MailboxSettings, Security } from '../../shared/settings.ts';

/** A provider whose mailboxes can be read. */
export type MailService = Submission & Required<Pick<Submission, 'imap'>>;

/** A mailbox as it stands in settings.json. */
export interface MailboxEntry {
  host: string;
  port?: number;
  security?: Security;
  user: string;
  auth?: 'oauth2';
  authServer?: string;
}

/** The answers so far; each step reads and updates them, so that nothing is lost on the way back. */
export interface MailboxDraft {
  /** `undefined` before it was asked, `null` for a server of the person's own. */
  service: MailService | null | undefined;
  host: string;
  port: number;
  security: Security;
  user: string;
  auth: MailboxSettings['auth'];
  password: string;
  name: string;
}

export function freshDraft(): MailboxDraft {
  const own = { service: undefined, host: '', port: 993, security: 'tls', user: '' } as const;
  return { ...own, auth: 'password', password: '', name: '' };
}

/** Where a provider's mailboxes are read, and how one signs in to them. */
export function imapSettingsOf({ imap, auth }: MailService): Pick<MailboxDraft, 'host' | 'port' | 'security' | 'auth'> {
  return { host: imap.host, port: imap.port ?? 993, security: imap.security ?? 'tls', auth };
}

/** What a port usually means. */
export function securityOfImapPort(port: number): Security {
  return port === 993 ? 'tls' : 'starttls';
}

/** Only what differs from the defaults, so that settings.json stays short. */
export function mailboxEntryOf({ host, port, security, user, auth, service }: MailboxDraft): MailboxEntry {
  return {
    host,
    ...(port === (security === 'tls' ? 993 : 143) ? {} : { port }),
    ...(security === 'tls' ? {} : { security }),
    user,
    ...(auth === 'oauth2' ? { auth } : {}),
    ...(service?.imap.authServer ? { authServer: service.imap.authServer } : {}),
  };
}

/** A free name; most people have one mailbox for returned mail. */
export function proposeMailboxName(taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'bounces' : `bounces${n}`;
    if (!taken.includes(name)) return name;
  }
}
