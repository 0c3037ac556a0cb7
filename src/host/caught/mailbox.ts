import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CaughtLetter, CaughtLine, MailCatcher } from '../../catcher/index.ts';
import { CATCHER } from '../../shared/catcher.ts';
import { defaultServer } from '../../shared/defaultSettings.ts';
import type { ServerSettings, Settings } from '../../shared/settings.ts';
import { type Campaigns, unfinishedStates } from '../campaigns/campaigns.ts';

const PORT = 'envoi.catcherPort';
const KEEP = 1000;

const loadCatcher = () => import('../../catcher/index.ts');

/**
 * Envoi's own mailbox: a catcher on loopback, started when something is sent to it, and the letters it caught. A campaign
 * that was running when the window closed finds it again at the same port.
 */
export class CaughtMailbox implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listening: vscode.Disposable;
  readonly onDidChange = this.#changed.event;
  #catcher: Promise<MailCatcher> | undefined;

  constructor(context: vscode.ExtensionContext, campaigns: Campaigns) {
    this.#context = context;
    this.#listening = campaigns.onDidChange(({ state, transports }) => {
      if (unfinishedStates.includes(state) && transports.some(({ name }) => name === CATCHER))
        void this.#start().catch(() => undefined);
    });
  }

  /** The same settings with this mailbox as the only server: whatever is sent with them stays on this computer. */
  async only(settings: Settings): Promise<Settings> {
    const { port } = await this.#start();
    const server: ServerSettings = { ...defaultServer, host: '127.0.0.1', port, security: 'none', auth: 'none' };
    return { ...settings, servers: { [CATCHER]: server }, route: [CATCHER], domainRoutes: {}, sendingHours: null };
  }

  /** The newest first. */
  async list(): Promise<CaughtLine[]> {
    const { readCaughtLine } = await loadCatcher();
    const files = await readdir(this.#folder).catch(() => []);
    const newest = files
      .filter((name) => name.endsWith('.eml'))
      .sort()
      .reverse();
    return Promise.all(newest.map(async (id) => readCaughtLine(id, await readFile(join(this.#folder, id)))));
  }

  /** Undefined when it has been deleted meanwhile. */
  async read(id: string): Promise<CaughtLetter | undefined> {
    if (!/^[\w@.-]+\.eml$/.test(id)) return undefined;
    const { readCaught } = await loadCatcher();
    const bytes = await readFile(join(this.#folder, id)).catch(() => undefined);
    return bytes && readCaught(id, bytes);
  }

  async deleteAll(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    await (await loadCatcher()).makeFolder(this.#folder);
    this.#changed.fire();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
    void this.#catcher?.then((catcher) => catcher.close()).catch(() => undefined);
  }

  get #folder(): string {
    return join(this.#context.globalStorageUri.fsPath, 'mailbox');
  }

  #start(): Promise<MailCatcher> {
    this.#catcher ??= this.#listen().catch((error: unknown) => {
      this.#catcher = undefined;
      throw error;
    });
    return this.#catcher;
  }

  async #listen(): Promise<MailCatcher> {
    const { MailCatcher } = await loadCatcher();
    const options = { folder: this.#folder, keep: KEEP, caught: () => this.#changed.fire() };
    const port = this.#context.globalState.get<number>(PORT, 0);
    // Another window may have the port; then this one uses another.
    const catcher = await MailCatcher.start({ ...options, port }).catch(() => MailCatcher.start(options));
    await this.#context.globalState.update(PORT, catcher.port);
    return catcher;
  }
}
