import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installKey, writeKey } from './installKey.ts';

/** The keys with which tokens and Message-IDs were made: this machine's own, and those that came with a moved state. */
export class KeyRing {
  readonly own: Uint8Array;
  readonly #stateDir: string;
  readonly #idOf: (campaign: string) => string;
  readonly #ofCampaign = new Map<string, KeyObject>();

  /** `idOf` says with which key a campaign was sent, "" for this machine's own. Throws as `installKey` does. */
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

  /** Where a key that came along is lost its campaigns' tokens find nobody, and this machine's own are as good as any. */
  bytes(id: string): Uint8Array {
    const file = this.#file(id);
    return id !== '' && existsSync(file) ? readFileSync(file) : this.own;
  }

  /** Keeps a key that came along, and gives back its id. */
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
