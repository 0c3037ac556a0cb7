import * as vscode from 'vscode';
import { type ServerSettings, secretKey } from '../../shared/settings.ts';
import { notCancelled } from '../errors.ts';

const INDEX = 'envoi.secretKeys';
/** The editor's session in which each key was stored last. */
const STORED_IN = 'envoi.secretSessions';
/** What is known of this computer's keyring. */
const KEYRING = 'envoi.keyring';
const PREFIX = 'password:';

/** "keeps": a secret outlived a session. "forgets": one did not. Before either, it is unknown: the editor does not say. */
export type Keyring = 'keeps' | 'forgets' | 'unknown';

/** The key of the secret shared by an unsubscribe endpoint and the engine. */
export function endpointKey(url: string): string {
  return `endpoint ${url}`;
}

export type Server = Pick<ServerSettings, 'host' | 'port' | 'user'>;

/**
 * Passwords in the editor's SecretStorage, keyed by host, port and user: a server whose host changes is asked for
 * again. A list of the keys (not the secrets) is kept, as the storage itself cannot be listed. Never logged.
 */
export class Secrets {
  readonly #storage: vscode.SecretStorage;
  readonly #index: vscode.Memento;

  constructor(context: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>) {
    this.#storage = context.secrets;
    this.#index = context.globalState;
  }

  /** Tells the palette whether there is anything to forget. */
  tell(): void {
    void vscode.commands.executeCommand('setContext', 'envoi.hasPasswords', this.keys().length > 0);
  }

  /** The keys under which something is kept. */
  keys(): readonly string[] {
    return this.#index.get<string[]>(INDEX, []);
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#storage.get(PREFIX + key)) || undefined;
  }

  async store(key: string, secret: string): Promise<void> {
    await this.#storage.store(PREFIX + key, secret);
    await this.#index.update(INDEX, [...new Set([...this.keys(), key])]);
    await this.#index.update(STORED_IN, { ...this.#sessions(), [key]: vscode.env.sessionId });
    this.tell();
    if ((await this.#storage.get(PREFIX + key)) !== secret) await this.#index.update(KEYRING, 'forgets');
  }

  get keyring(): Keyring {
    return this.#index.get<Keyring>(KEYRING, 'unknown');
  }

  /**
   * Keys whose secret is gone though nobody removed it: there is no keyring, or it was emptied. If one outlived an earlier
   * session, there is one.
   */
  async lost(): Promise<string[]> {
    const lost: string[] = [];
    let lasted = false;
    for (const key of this.keys()) {
      if ((await this.get(key)) === undefined) lost.push(key);
      else if (this.#sessions()[key] !== vscode.env.sessionId) lasted = true;
    }
    const found: Keyring = lost.length > 0 ? 'forgets' : lasted ? 'keeps' : this.keyring;
    if (found !== this.keyring) await this.#index.update(KEYRING, found);
    return lost;
  }

  /** How a password is stored on this computer, as far as is known. */
  promise(): string {
    const { keyring } = this;
    switch (keyring) {
      case 'keeps':
        return vscode.l10n.t('It is kept in this computer’s keyring, never in the settings.');
      case 'forgets':
        return vscode.l10n.t('This computer has no keyring to keep it in: Envoi asks again after a restart.');
      case 'unknown':
        return vscode.l10n.t('It is kept in this computer’s keyring if there is one, never in the settings.');
      default:
        return keyring satisfies never;
    }
  }

  async forget(key: string): Promise<void> {
    await this.#storage.delete(PREFIX + key);
    await this.#index.update(
      INDEX,
      this.keys().filter((kept) => kept !== key),
    );
    const { [key]: _, ...others } = this.#sessions();
    await this.#index.update(STORED_IN, others);
    this.tell();
  }

  /** The stored password, or asks for it and keeps it. Throws Cancelled when the person gives none. */
  async ensure(name: string, server: Server): Promise<string> {
    return (await this.get(secretKey(server))) ?? this.ask(name, server);
  }

  async ask(name: string, server: Server): Promise<string> {
    const wasKept = this.keys().includes(secretKey(server)) && (await this.get(secretKey(server))) === undefined;
    const gone = wasKept ? `${vscode.l10n.t('The previously saved password is no longer available.')} ` : '';
    const password = notCancelled(await askPassword(name, server, gone + this.promise()));
    await this.keep(server, password);
    return password;
  }

  endpoint(url: string): Promise<string | undefined> {
    return this.get(endpointKey(url));
  }

  /** The secret of an unsubscribe endpoint, from a person, and keeps it. Throws Cancelled when they give none. */
  async askEndpoint(url: string): Promise<string> {
    const secret = notCancelled(
      await vscode.window.showInputBox({
        title: vscode.l10n.t('Secret for the unsubscribe page'),
        prompt: `${vscode.l10n.t('The value of ENVOI_ENDPOINT_SECRET at {0}.', url)} ${this.promise()}`,
        password: true,
        ignoreFocusOut: true,
        validateInput: (value) => (value === '' ? vscode.l10n.t('Enter the secret, or press Escape.') : undefined),
      }),
    );
    await this.store(endpointKey(url), secret);
    return secret;
  }

  /** Stores it, and says so when it will not last. */
  async keep(server: Server, password: string): Promise<void> {
    await this.store(secretKey(server), password);
    if (this.keyring !== 'forgets') return;
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'This computer has no keyring to keep the password for {0}. Envoi will ask for it again after a restart.',
        server.host,
      ),
    );
  }

  #sessions(): Record<string, string> {
    return this.#index.get<Record<string, string>>(STORED_IN, {});
  }
}

function askPassword(name: string, server: Server, about: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Password for {0}', name),
    prompt: `${vscode.l10n.t('Password for {0} at {1}.', server.user, `${server.host}:${server.port}`)} ${about}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (value === '' ? vscode.l10n.t('Enter the password, or press Escape.') : undefined),
  });
}
