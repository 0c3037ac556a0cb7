import type * as vscode from 'vscode';
import {
  DIRECT,
  type MailboxSettings,
  type ServerSettings,
  type Settings,
  secretKey,
  transportNames,
} from '../../shared/settings.ts';
import { accessToken } from './oauth/accessToken.ts';
import type { Secrets } from './secrets.ts';

/** Finds what each relay needs for its sign-in: a stored password, or a token of the right provider. */
export class CredentialFinder {
  readonly #secrets: Secrets;
  readonly #context: vscode.ExtensionContext;

  constructor(secrets: Secrets, context: vscode.ExtensionContext) {
    this.#secrets = secrets;
    this.#context = context;
  }

  /** For every relay these settings may use. Asks for what is missing; throws Cancelled when it is not given. */
  async forRoutes(settings: Settings): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const name of relaysOf(settings)) {
      const server = settings.servers[name];
      if (server && server.auth !== 'none') found[secretKey(server)] = await this.forServer(name, server);
    }
    return found;
  }

  async forServer(name: string, server: ServerSettings): Promise<string> {
    switch (server.auth) {
      case 'none':
        return '';
      case 'password':
        return this.#secrets.ensure(name, server);
      case 'oauth2':
        return accessToken(server, { context: this.#context, purpose: 'smtp', interactive: true });
      default:
        return server.auth satisfies never;
    }
  }

  /** Asks when it is missing, unless `quietly`: then it is undefined. */
  async forMailbox(name: string, mailbox: MailboxSettings, quietly: boolean): Promise<string | undefined> {
    switch (mailbox.auth) {
      case 'password':
        return quietly ? this.#secrets.get(secretKey(mailbox)) : this.#secrets.ensure(name, mailbox);
      case 'oauth2': {
        const token = accessToken(mailbox, { context: this.#context, purpose: 'imap', interactive: !quietly });
        return quietly ? token.catch(() => undefined) : token;
      }
      default:
        return mailbox.auth satisfies never;
    }
  }

  /** What is available without asking anybody: for campaigns that resume automatically. */
  async stored(servers: readonly ServerSettings[]): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const server of servers) {
      const secret =
        server.auth === 'oauth2'
          ? await accessToken(server, { context: this.#context, purpose: 'smtp', interactive: false }).catch(
              () => undefined,
            )
          : await this.#secrets.get(secretKey(server));
      if (secret) found[secretKey(server)] = secret;
    }
    return found;
  }
}

/** Names of the relays a campaign may use, each once, in order of first use. */
export function relaysOf(settings: Settings): string[] {
  return transportNames(settings).filter((name) => name !== DIRECT);
}
