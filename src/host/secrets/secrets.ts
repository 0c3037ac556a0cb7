import * as vscode from 'vscode';
import { type ServerSettings, secretKey } from '../../shared/settings.ts';
import { notCancelled } from '../errors.ts';

const INDEX = 'envoi.secretKeys';
const PREFIX = 'password:';

export type Server = Pick<ServerSettings, 'host' | 'port' | 'user'>;

/**
 * Passwords in the editor's SecretStorage, keyed by host, port and user: a server whose host changes is asked for
 * anew. A list of the keys (not the secrets) is kept, as the storage itself cannot be listed. Never logged.
 */
export class Secrets {
  readonly #storage: vscode.SecretStorage;
  readonly #index: vscode.Memento;

  constructor(context: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>) {
    this.#storage = context.secrets;
    this.#index = context.globalState;
  }

  /** The keys under which something is kept. */
  keys(): readonly string[] {
    return this.#index.get<string[]>(INDEX, []);
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#storage.get(PREFIX + key)) || undefined;
  }

  /** Gives back whether it will last: without a keyring the editor may forget it at once or at the next start. */
  async store(key: string, secret: string): Promise<boolean> {
    await this.#storage.store(PREFIX + key, secret);
    await this.#index.update(INDEX, [...new Set([...this.keys(), key])]);
    return (await this.#storage.get(PREFIX + key)) === secret;
  }

  async forget(key: string): Promise<void> {
    await this.#storage.delete(PREFIX + key);
    await this.#index.update(
      INDEX,
      this.keys().filter((kept) => kept !== key),
    );
  }

  /** The stored password, or asks for it and keeps it. Throws Cancelled when the person gives none. */
  async ensure(name: string, server: Server): Promise<string> {
    return (await this.get(secretKey(server))) ?? this.ask(name, server);
  }

  async ask(name: string, server: Server): Promise<string> {
    const password = notCancelled(await askPassword(name, server));
    await this.keep(server, password);
    return password;
  }

  /** Stores it, and says so when it will not last. */
  async keep(server: Server, password: string): Promise<void> {
    if (await this.store(secretKey(server), password)) return;
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'This computer has no keyring where the password for {0} could be kept. Envoi will ask for it again after a restart.',
        server.host,
      ),
    );
  }
}

export function askPassword(name: string, server: Server): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Password for {0}', name),
    prompt: vscode.l10n.t(
      'Password of {0} at {1}. It is kept in the keyring of this computer, never in the settings.',
      server.user,
      `${server.host}:${server.port}`,
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (value === '' ? vscode.l10n.t('Type the password, or press Escape.') : undefined),
  });
}
