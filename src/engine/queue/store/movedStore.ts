import type { DatabaseSync } from 'node:sqlite';
import { domainOf } from '../../../shared/address.ts';
import { defaultSettings } from '../../../shared/defaultSettings.ts';
import { inTransaction } from './database.ts';

export interface MovedCampaignRow {
  key: number;
  id: string;
  keyId: string;
  subject: string;
  createdAt: number;
  finishedAt: number;
  letter: string;
  once: string;
}

/** What another machine needs to know of campaigns whose tokens and bounces come back to it. */
export class MovedStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Started since a time; without tests. */
  campaigns(since: number): MovedCampaignRow[] {
    return this.#database
      .prepare(
        `SELECT key, id, key_id, subject, created_at, finished_at, letter, once FROM campaigns
         WHERE kind = 'send' AND state <> 'draft' AND created_at >= ? ORDER BY key`,
      )
      .all(since)
      .map((row) => ({
        key: Number(row.key),
        id: String(row.id),
        keyId: String(row.key_id),
        subject: String(row.subject),
        createdAt: Number(row.created_at),
        finishedAt: Number(row.finished_at),
        letter: String(row.letter),
        once: String(row.once),
      }));
  }

  /** Those who have a campaign's letter, or may have it; page by page. */
  readers(key: number, after: number, limit: number): { id: number; line: number; address: string; at: number }[] {
    return this.#database
      .prepare(
        `SELECT id, line, address, at FROM deliveries
         WHERE campaign = ? AND id > ? AND state IN ('sent', 'inDoubt') AND address <> '' ORDER BY id LIMIT ?`,
      )
      .all(key, after, limit)
      .map((row) => ({ id: Number(row.id), line: Number(row.line), address: String(row.address), at: Number(row.at) }));
  }

  /**
   * As a campaign without a letter to send; null when it is known already. A draft until `finish`, so that an incomplete
   * import is removed at a restart.
   */
  add({ id, keyId, subject, createdAt, finishedAt, letter, once }: Omit<MovedCampaignRow, 'key'>): number | null {
    if (this.#database.prepare("SELECT 1 FROM campaigns WHERE id = ? AND state <> 'draft'").get(id)) return null;
    return inTransaction(this.#database, () => {
      this.#database.prepare('DELETE FROM campaigns WHERE id = ?').run(id);
      const { lastInsertRowid } = this.#database
        .prepare(
          `INSERT INTO campaigns (id, kind, state, subject, newsletter, newsletter_sha256, settings, settings_sha256,
             document_path, document_text, document_sha256, document_commit, recipients_path, recipients_sha256,
             created_at, finished_at, letter, once, key_id)
           VALUES (?, 'send', 'draft', ?, '{}', '', ?, '', '', '', '', '', '', '', ?, ?, ?, ?, ?)`,
        )
        .run(id, subject, JSON.stringify(defaultSettings), createdAt, finishedAt || createdAt, letter, once, keyId);
      return Number(lastInsertRowid);
    });
  }

  addReaders(key: number, readers: readonly (readonly [line: number, address: string, at: number])[]): void {
    const insert = this.#database.prepare(
      `INSERT INTO deliveries (campaign, line, address, domain, fields, state, at) VALUES (?, ?, ?, ?, '{}', 'sent', ?)`,
    );
    inTransaction(this.#database, () => {
      for (const [line, address, at] of readers) insert.run(key, line, address, domainOf(address).toLowerCase(), at);
      this.#database.prepare('UPDATE campaigns SET total = total + ? WHERE key = ?').run(readers.length, key);
    });
  }

  /** All its readers are there: it has ended. */
  finish(key: number): void {
    inTransaction(this.#database, () => {
      this.#database.prepare("UPDATE campaigns SET state = 'done' WHERE key = ?").run(key);
    });
  }

  /** The key that made a campaign's tokens; "": this machine's own. */
  keyId(campaign: string): string {
    return String(this.#database.prepare('SELECT key_id FROM campaigns WHERE id = ?').get(campaign)?.key_id ?? '');
  }
}
