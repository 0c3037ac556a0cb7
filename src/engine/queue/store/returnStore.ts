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

/**
 * Reasons that count against an address when they recur. All others are about a full mailbox, the message, its sender or
 * the route: the reader has nothing to do with those, however often they recur.
 */
const AGAINST_ADDRESS = `('unknownUser', 'mailboxDisabled', 'recipientPolicy', 'badDomain', 'nullMx', 'otherPermanent')`;

/** What came back, and how far each mailbox has been read. One of each kind is kept per delivery. */
export class ReturnStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  cursor(account: string): { validity: string; uid: number } {
    const row = this.#database.prepare('SELECT validity, uid FROM mailboxes WHERE account = ?').get(account);
    return { validity: String(row?.validity ?? ''), uid: Number(row?.uid ?? 0) };
  }

  /** Where reading continues; within the transaction that stores what was read so far. */
  keepCursor(account: string, { validity, uid }: { validity: string; uid: number }): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO mailboxes (account, validity, uid) VALUES (?, ?, ?)')
      .run(account, validity, uid);
  }

  /**
   * Stores the rows, and the consequences of those that are new: all of it or nothing. What is read again because its
   * mailbox was renumbered is not new: a person may have undone the consequences.
   */
  add<T>(rows: readonly ReturnedRow[], follow: (fresh: readonly ReturnedRow[]) => T): T {
    const insert = this.#database.prepare(
      `INSERT OR IGNORE INTO returned (campaign, delivery, address, kind, hard, cause, code, enhanced, text, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const known = this.#database.prepare(
      'SELECT 1 FROM returned WHERE address = ? AND kind = ? AND at = ? AND delivery IS NULL LIMIT 1',
    );
    const isFresh = ({ about, address, kind, hard, cause, reply, at }: ReturnedRow): boolean => {
      const entry = address.toLowerCase();
      if (!about && known.get(entry, kind, at)) return false;
      const whom = [about?.campaignKey ?? null, about?.delivery ?? null, entry] as const;
      const said = [reply.code, reply.enhanced, reply.text.slice(0, 500)] as const;
      return insert.run(...whom, kind, hard ? 1 : 0, cause, ...said, at).changes > 0;
    };
    return inTransaction(this.#database, () => follow(rows.filter(isFresh)));
  }

  /** In how many campaigns an address bounced softly, for a reason that counts against it. */
  softCampaigns(address: string): number {
    const row = this.#database
      .prepare(
        `SELECT count(DISTINCT campaign) AS n FROM returned
         WHERE address = ? AND kind = 'bounced' AND hard = 0 AND delivery IS NOT NULL AND cause IN ${AGAINST_ADDRESS}`,
      )
      .get(address.toLowerCase());
    return Number(row?.n ?? 0);
  }

  /** Readers of one campaign at one domain (lower case) with a final result. */
  answeredAt(campaignKey: number, domain: string): number {
    const row = this.#database
      .prepare(
        "SELECT count(*) AS n FROM deliveries WHERE campaign = ? AND domain = ? AND state IN ('sent', 'rejected')",
      )
      .get(campaignKey, domain);
    return Number(row?.n ?? 0);
  }

  /** Addresses of one campaign and one domain (lower case) that were reported dead by a bounce. */
  deadAt(campaignKey: number, domain: string): string[] {
    const rows = this.#database
      .prepare(
        `SELECT address FROM returned WHERE campaign = ? AND kind = 'bounced' AND hard = 1
           AND substr(address, -length(?) - 1) = '@' || ?`,
      )
      .all(campaignKey, domain, domain);
    return rows.map((row) => String(row.address));
  }

  /** For one campaign: dead mailboxes and complaints. */
  returnCounts(campaignKey: number): { bounced: number; complained: number } {
    const row = this.#database
      .prepare(
        `SELECT count(*) FILTER (WHERE kind = 'bounced' AND hard = 1) AS bounced,
                count(*) FILTER (WHERE kind = 'complained') AS complained
         FROM returned WHERE campaign = ?`,
      )
      .get(campaignKey);
    return { bounced: Number(row?.bounced ?? 0), complained: Number(row?.complained ?? 0) };
  }

  /** For one campaign, or for all. */
  counts(campaignKey: number | null): CameBack {
    const which = campaignKey === null ? 'campaign IS NOT NULL' : 'campaign = ?';
    const rows = this.#database
      .prepare(`SELECT kind, count(*) AS n FROM returned WHERE ${which} GROUP BY kind`)
      .all(...(campaignKey === null ? [] : [campaignKey]));
    const of = (kind: ReturnedRow['kind']) => Number(rows.find((row) => row.kind === kind)?.n ?? 0);
    return { bounced: of('bounced'), left: of('left'), complained: of('complained'), replied: of('replied') };
  }
}
