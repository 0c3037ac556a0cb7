import type { DatabaseSync } from 'node:sqlite';
import type { CameBack } from '../../../shared/campaign.ts';
import type { Cause, Reply } from '../../../shared/outcome.ts';
import { inTransaction } from './database.ts';

export interface ReturnedRow {
  /** Null when no mark of ours proves whom it is about. */
  about: { campaignKey: number; delivery: number } | null;
  address: string;
  kind: 'bounced' | 'complained' | 'left' | 'replied';
  /** The address must not be mailed again, as its server clearly said. */
  hard: boolean;
  cause: Cause | '';
  reply: Reply;
  at: number;
}

/** Nothing can be said against an address for these, however often they come. */
const HARMLESS = `('mailboxFull', 'recipientRate', 'greylisted', 'rateLimited', 'otherTemporary', 'timeout', 'connect', 'dns', '')`;

/** What came back, and how far each mailbox has been read. One of a kind is kept for each delivery. */
export class ReturnStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  cursor(account: string): { validity: string; uid: number } {
    const row = this.#database.prepare('SELECT validity, uid FROM mailboxes WHERE account = ?').get(account);
    return { validity: String(row?.validity ?? ''), uid: Number(row?.uid ?? 0) };
  }

  /** Where reading goes on. To be called last: whatever is read again until then is known already. */
  keepCursor(account: string, { validity, uid }: { validity: string; uid: number }): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO mailboxes (account, validity, uid) VALUES (?, ?, ?)')
      .run(account, validity, uid);
  }

  add(rows: readonly ReturnedRow[]): void {
    const insert = this.#database.prepare(
      `INSERT OR IGNORE INTO returned (campaign, delivery, address, kind, hard, cause, code, enhanced, text, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    inTransaction(this.#database, () => {
      for (const { about, address, kind, hard, cause, reply, at } of rows) {
        const text = reply.text.slice(0, 500);
        const whom = [about?.campaignKey ?? null, about?.delivery ?? null, address.toLowerCase()] as const;
        insert.run(...whom, kind, hard ? 1 : 0, cause, reply.code, reply.enhanced, text, at);
      }
    });
  }

  /** In how many campaigns an address bounced softly, for a reason that speaks against it. */
  softCampaigns(address: string): number {
    const row = this.#database
      .prepare(
        `SELECT count(DISTINCT campaign) AS n FROM returned
         WHERE address = ? AND kind = 'bounced' AND hard = 0 AND delivery IS NOT NULL AND cause NOT IN ${HARMLESS}`,
      )
      .get(address.toLowerCase());
    return Number(row?.n ?? 0);
  }

  /** Of one campaign: dead mailboxes and complaints. */
  toll(campaignKey: number): { bounced: number; complained: number } {
    const row = this.#database
      .prepare(
        `SELECT count(*) FILTER (WHERE kind = 'bounced' AND hard = 1) AS bounced,
                count(*) FILTER (WHERE kind = 'complained') AS complained
         FROM returned WHERE campaign = ?`,
      )
      .get(campaignKey);
    return { bounced: Number(row?.bounced ?? 0), complained: Number(row?.complained ?? 0) };
  }

  /** Of one campaign, or of all. */
  counts(campaignKey: number | null): CameBack {
    const which = campaignKey === null ? 'campaign IS NOT NULL' : 'campaign = ?';
    const rows = this.#database
      .prepare(`SELECT kind, count(*) AS n FROM returned WHERE ${which} GROUP BY kind`)
      .all(...(campaignKey === null ? [] : [campaignKey]));
    const of = (kind: ReturnedRow['kind']) => Number(rows.find((row) => row.kind === kind)?.n ?? 0);
    return { bounced: of('bounced'), left: of('left'), complained: of('complained'), replied: of('replied') };
  }
}
