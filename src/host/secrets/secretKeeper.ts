import type * as vscode from 'vscode';
import type { CampaignSnapshot } from '../../shared/campaign.ts';
import { type ServerSettings, secretKey } from '../../shared/settings.ts';
import { type Campaigns, unfinishedStates } from '../campaigns/campaigns.ts';
import type { EngineLink } from '../engineLink/engine.ts';
import { readConfiguration } from '../settings.ts';
import type { CredentialFinder } from './credentials.ts';
import type { Secrets } from './secrets.ts';

/** A secret that was rejected is not looked up more often than this. */
const AGAIN_MS = 60_000;
/** Tokens are renewed well before they expire: checking this often, none expires during a campaign. */
const RENEW_MS = 4 * 60_000;

/**
 * The engine keeps passwords and tokens in memory only. When it lacks one (after a restart), and before a token runs out,
 * this passes on what the keyring and the accounts have; for the rest, Resume asks a person.
 */
export class SecretKeeper implements vscode.Disposable {
  readonly #listening: vscode.Disposable;
  readonly #timer: NodeJS.Timeout;
  readonly #given = new Map<string, number>();
  readonly #context: vscode.ExtensionContext;
  readonly #campaigns: Campaigns;
  readonly #engine: EngineLink;
  readonly #secrets: Secrets;
  readonly #credentials: CredentialFinder;

  constructor(
    context: vscode.ExtensionContext,
    campaigns: Campaigns,
    engine: EngineLink,
    secrets: Secrets,
    credentials: CredentialFinder,
  ) {
    this.#context = context;
    this.#campaigns = campaigns;
    this.#engine = engine;
    this.#secrets = secrets;
    this.#credentials = credentials;
    this.#listening = campaigns.onDidChange((snapshot) => void this.#look(snapshot));
    this.#timer = setInterval(() => void this.#renew(), RENEW_MS);
  }

  dispose(): void {
    this.#listening.dispose();
    clearInterval(this.#timer);
  }

  async #look(snapshot: CampaignSnapshot): Promise<void> {
    for (const item of snapshot.attention) {
      let key: string | undefined;
      if (item.kind === 'secretMissing') key = item.secretKey;
      // A token that expired while no window was open is refused like a wrong password.
      else if (item.kind === 'transportClosed' && item.cause === 'credentials') key = this.#tokenKey(item.transport);
      if (key === undefined || Date.now() - (this.#given.get(key) ?? 0) < AGAIN_MS) continue;
      this.#given.set(key, Date.now());
      await this.#give(key);
    }
  }

  async #renew(): Promise<void> {
    const names = this.#campaigns.inState(...unfinishedStates).flatMap(({ transports }) => transports);
    for (const name of new Set(names.map((transport) => transport.name))) {
      const key = this.#tokenKey(name);
      if (key !== undefined) await this.#give(key);
    }
  }

  /** Passing on what the engine already has changes nothing. */
  async #give(key: string): Promise<void> {
    const secret = await this.#find(key).catch(() => undefined);
    if (secret) await this.#engine.current?.provideSecrets({ secrets: { [key]: secret } }).catch(() => undefined);
  }

  #servers(): Record<string, ServerSettings> {
    return readConfiguration(undefined, this.#context).settings.servers;
  }

  /** The key of a server that is signed in to with a token. */
  #tokenKey(name: string): string | undefined {
    const server = this.#servers()[name];
    return server?.auth === 'oauth2' ? secretKey(server) : undefined;
  }

  async #find(key: string): Promise<string | undefined> {
    const server = Object.values(this.#servers()).find((item) => secretKey(item) === key);
    return server ? (await this.#credentials.stored([server]))[key] : this.#secrets.get(key);
  }
}
