import type { DatabaseSync } from 'node:sqlite';
import { erasedEntry } from '../../../shared/erased.ts';
import { msg, UserError } from '../../../shared/errors.ts';
import { inTransaction } from './database.ts';
import { refusalsChanged } from './goneForGood.ts';

export interface Erased {
  /** Deliveries that were anonymized. */
  deliveries: number;
  /** Whether they had unsubscribed, so that a hash of the address stays among the suppressions. */
  left: boolean;
}

/** Deliveries that waited and are cancelled by it, of a campaign by its key. */
export interface CancelledDeliveries {
  campaign: number;
  state: 'queued' | 'deferred';
}

/** Erases a person from everything that is stored: what is left counts in reports, and identifies nobody. */
export class Eraser {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** `address` in lower case. Throws a UserError while a campaign may be sending to it. */
  erase(address: string): Erased & { withdrawn: CancelledDeliveries[] } {
    const all = (sql: string) => this.#database.prepare(sql).all(address);
    const busy = all(
      `SELECT c.id FROM deliveries d JOIN campaigns c ON c.key = d.campaign
       WHERE lower(d.address) = ? AND (d.id IN (SELECT delivery FROM intents)
         OR d.state IN ('queued', 'deferred') AND c.state IN ('running', 'draft'))`,
    );
    if (busy[0])
      throw new UserError(
        'stillSending',
        msg('The campaign {0} may be sending to {1} right now.', String(busy[0].id), address),
        msg('Pause or finish it first.'),
      );
    const withdrawn = all(
      `SELECT campaign, state FROM deliveries WHERE lower(address) = ? AND state IN ('queued', 'deferred')`,
    ).map((row) => ({ campaign: Number(row.campaign), state: row.state as CancelledDeliveries['state'] }));
    let erased: Erased = { deliveries: 0, left: false };
    this.#database.exec('PRAGMA secure_delete = ON');
    inTransaction(this.#database, () => {
      erased = this.#eraseAll(address);
    });
    // Overwritten data must not stay in the log either.
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return { ...erased, withdrawn };
  }

  #eraseAll(address: string): Erased {
    const run = (sql: string, ...values: string[]) => Number(this.#database.prepare(sql).run(...values).changes);
    run(
      `UPDATE attempts SET ended = NULL WHERE delivery IN (SELECT id FROM deliveries WHERE lower(address) = ?)`,
      address,
    );
    run('DELETE FROM returned WHERE address = ?', address);
    run('DELETE FROM returned_mail WHERE ? IN (about, sender)', address);
    this.#eraseRefused(address);
    const deliveries = run(
      `UPDATE deliveries SET address = '', domain = '', fields = '{}', text = '', message_id = '',
         state = CASE WHEN state IN ('queued', 'deferred') THEN 'cancelled' ELSE state END
       WHERE lower(address) = ?`,
      address,
    );
    const left =
      run(
        'INSERT OR IGNORE INTO suppressions (entry, reason, note, at) SELECT ?, reason, ?, at FROM suppressions WHERE entry = ?',
        erasedEntry(address),
        '',
        address,
      ) > 0;
    run('DELETE FROM suppressions WHERE entry = ?', address);
    refusalsChanged(this.#database);
    return { deliveries, left };
  }

  /** Rows that were left out hold what stood in the list, or a sentence about it: the address may be a part of that. */
  #eraseRefused(address: string): void {
    const remove = this.#database.prepare('DELETE FROM refused WHERE rowid = ?');
    const rows = this.#database
      .prepare(
        `SELECT rowid AS id, lower(address) AS address, lower(detail) AS detail FROM refused
         WHERE instr(lower(address), ?) > 0 OR instr(lower(detail), ?) > 0`,
      )
      .all(address, address);
    for (const row of rows)
      if (holds(String(row.address), address) || holds(String(row.detail), address)) remove.run(Number(row.id));
  }
}

const BEFORE = /[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]$/u;
const AFTER = /^(?:[\p{L}\p{N}-]|\.[\p{L}\p{N}])/u;

/** Whether an address occurs in a text, and not as a part of a longer one. */
function holds(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const end = at + address.length;
    if (!BEFORE.test(text.slice(Math.max(0, at - 2), at)) && !AFTER.test(text.slice(end, end + 3))) return true;
  }
  return false;
}
