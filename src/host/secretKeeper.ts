import type * as vscode from 'vscode';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import { secretKey } from '../shared/settings.ts';
import type { Campaigns } from './campaigns.ts';
import type { Credentials } from './credentials.ts';
import type { EngineLink } from './engine.ts';
import type { Secrets } from './secrets.ts';
import { readConfiguration } from './settings.ts';

/** A token lives about an hour; it is not asked for more often than this. */
const AGAIN_MS = 60_000;

/**
 * The engine keeps passwords in memory only. When it lacks one (after a restart, or when a token has run out) this
 * hands over what the keyring has; what is not there a person is asked for by Resume.
 */
export class SecretKeeper implements vscode.Disposable {
  readonly #listening: vscode.Disposable;
  readonly #given = new Map<string, number>();
  readonly #find: (key: string) => Promise<string | undefined>;
  readonly #engine: EngineLink;

  constructor(
    context: vscode.ExtensionContext,
    campaigns: Campaigns,
    engine: EngineLink,
    secrets: Secrets,
    credentials: Credentials,
  ) {
    this.#engine = engine;
    this.#listening = campaigns.onDidChange((snapshot) => void this.#look(snapshot));
    this.#find = async (key) => {
      const { settings } = readConfiguration(undefined, context);
      const server = Object.values(settings.servers).find((item) => secretKey(item) === key);
      return server ? (await credentials.stored([server]))[key] : secrets.get(key);
    };
  }

  dispose(): void {
    this.#listening.dispose();
  }

  async #look(snapshot: CampaignSnapshot): Promise<void> {
    for (const item of snapshot.attention) {
      if (item.kind !== 'secretMissing') continue;
      const before = this.#given.get(item.secretKey) ?? 0;
      if (Date.now() - before < AGAIN_MS) continue;
      this.#given.set(item.secretKey, Date.now());
      const secret = await this.#find(item.secretKey).catch(() => undefined);
      if (secret) await this.#engine.current?.provideSecrets({ secrets: { [item.secretKey]: secret } });
    }
  }
}
