import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installKey, writeKey } from './installKey.ts';

/** The keys that tokens and Message-IDs were made with: this machine's own, and those imported with a moved state. */
export class KeyRing {
  readonly own: Uint8Array;
  readonly #stateDir: string;
  readonly #idOf: (campaign: string) => string;
  readonly #ofCampaign = new Map<string, KeyObject>();

  /** `idOf` says which key a campaign was sent with, "" for this machine's own. Throws as `installKey` does. */
  constructor(stateDir: string, idOf: (campaign: string) => string) {
    this.own = installKey(stateDir);
    this.#stateDir = stateDir;
    this.#idOf = idOf;
  }

  of(campaign: string): KeyObject {
    const known = this.#ofCampaign.get(campaign);
    if (known) return known;
    const key = createSecretKey(this.bytes(this.#idOf(campaign)));
    this.#ofCampaign.set(campaign, key);
    return key;
  }

  /** If an imported key is lost, its campaigns' tokens match nobody, so this machine's own key does as well as any. */
  bytes(id: string): Uint8Array {
    const file = this.#file(id);
    return id !== '' && existsSync(file) ? readFileSync(file) : this.own;
  }

  /** Stores an imported key, and returns its id. */
  keep(key: Uint8Array): string {
    if (Buffer.compare(key, this.own) === 0) return '';
    const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const file = this.#file(id);
    if (!existsSync(file)) writeKey(file, key);
    return id;
  }

  #file(id: string): string {
    return join(this.#stateDir, `key.${id}`);
  }
}
