import type { DatabaseSync } from 'node:sqlite';
import type { ReturnedMail } from '../../../shared/returnedMail.ts';
import { LINKS_LIVE_MS } from '../../../shared/unsubscribeToken.ts';
import { inTransaction } from './database.ts';

export interface ReturnedMailRow extends Omit<ReturnedMail, 'id' | 'campaign'> {
  /** Null where no mark proves it. */
  campaignKey: number | null;
}

/** Replies kept, and as many others: a flood of forged bounces must not displace what people wrote. */
const MOST = 1_000;

/** What came back for a person to read. Only what identifies it in a mail program is stored, never its text. */
export class ReturnedMailStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The same message of a mailbox is stored once; the oldest are dropped. `now` in epoch ms. */
  add(rows: readonly ReturnedMailRow[], now: number): void {
    if (rows.length === 0) return;
    const insert = this.#database.prepare(
      `INSERT OR IGNORE INTO returned_mail (campaign, kind, about, sender, subject, message_id, account, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    inTransaction(this.#database, () => {
      for (const { campaignKey, kind, about, from, subject, messageId, account, at } of rows)
        insert.run(campaignKey, kind, about, from.toLowerCase(), subject, messageId, account, at);
      this.#database.prepare('DELETE FROM returned_mail WHERE at < ?').run(now - LINKS_LIVE_MS);
      for (const test of ["kind = 'replied'", "kind <> 'replied'"])
        this.#database.exec(
          `DELETE FROM returned_mail WHERE ${test} AND id NOT IN
             (SELECT id FROM returned_mail WHERE ${test} ORDER BY id DESC LIMIT ${MOST})`,
        );
    });
  }

  /** Newest first. */
  all(): ReturnedMail[] {
    const rows = this.#database
      .prepare(
        `SELECT returned_mail.*, coalesce(campaigns.id, '') AS campaign_id
         FROM returned_mail LEFT JOIN campaigns ON campaigns.key = campaign ORDER BY returned_mail.id DESC`,
      )
      .all();
    return rows.map((row) => ({
      id: Number(row.id),
      campaign: String(row.campaign_id),
      kind: String(row.kind) as ReturnedMail['kind'],
      about: String(row.about),
      from: String(row.sender),
      subject: String(row.subject),
      messageId: String(row.message_id),
      account: String(row.account),
      at: Number(row.at),
    }));
  }

  remove(ids: readonly number[]): void {
    const remove = this.#database.prepare('DELETE FROM returned_mail WHERE id = ?');
    inTransaction(this.#database, () => {
      for (const id of ids) remove.run(id);
    });
  }
}
