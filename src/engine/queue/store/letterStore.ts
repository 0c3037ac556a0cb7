import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { resendable } from '../../../shared/campaign.ts';
import { msg, UserError } from '../../../shared/errors.ts';
import { inTransaction } from './database.ts';
import { slicesOf } from './slices.ts';

/** A campaign of a letter. */
export interface LetterCampaign {
  id: string;
  at: number;
  once: string;
  finished: boolean;
}

/** A campaign of a letter that is no draft any more. */
export interface LetterBegun {
  key: number;
  id: string;
}

/** Who has a letter, or will have it: none of them gets it a second time. */
const have = (delivery: string, campaign: string) =>
  `(${delivery}.state IN ('sent', 'inDoubt') OR ${delivery}.state IN ('queued', 'deferred') AND ${campaign}.state <> 'cancelled')`;

/** The same letter is the same document, or the same `id:`; its readers, and the versions that a campaign went out in. */
export class LetterStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Campaigns of a letter, newest first. */
  campaigns(letter: string): LetterCampaign[] {
    const rows = this.#database
      .prepare(
        `SELECT id, created_at, start_at, once, state FROM campaigns WHERE letter = ? AND letter <> '' AND kind = 'send' AND state <> 'draft' ORDER BY key DESC LIMIT 100`,
      )
      .all(letter);
    return rows.map((row) => ({
      id: String(row.id),
      at: Math.max(Number(row.created_at), Number(row.start_at)),
      once: String(row.once),
      finished: row.state === 'done' || row.state === 'cancelled',
    }));
  }

  /** Addresses that have a letter or will have it, each with its campaign; page by page. */
  readers(letter: string, after: number, limit: number): { id: number; address: string; campaign: string }[] {
    const rows = this.#database
      .prepare(
        `SELECT d.id, d.address, c.id AS campaign FROM deliveries d JOIN campaigns c ON c.key = d.campaign
         WHERE c.letter = ? AND c.letter <> '' AND c.kind = 'send' AND c.state <> 'draft' AND ${have('d', 'c')}
           AND d.id > ? ORDER BY d.id LIMIT ?`,
      )
      .all(letter, after, limit);
    return rows.map(({ id, address, campaign }) => ({
      id: Number(id),
      address: String(address),
      campaign: String(campaign),
    }));
  }

  /**
   * The campaigns of a draft's letter whose readers it must leave out, newest first; none when it is to be sent again. Throws a
   * UserError when the same `once` has been started before.
   */
  begunBefore(key: number): LetterBegun[] {
    const draft = this.#database.prepare('SELECT letter, again, once, kind FROM campaigns WHERE key = ?').get(key);
    if (!draft || draft.letter === '' || draft.kind !== 'send') return [];
    const others = this.#database
      .prepare(
        `SELECT key, id, once FROM campaigns WHERE letter = ? AND kind = 'send' AND state <> 'draft' AND key <> ?
         ORDER BY key DESC`,
      )
      .all(String(draft.letter), key);
    const same = draft.once === '' ? undefined : others.find(({ once }) => once === draft.once);
    if (same)
      throw new UserError(
        'onceBegun',
        msg('This letter was already started with --once {0}, as campaign {1}.', String(draft.once), String(same.id)),
        msg('Nothing more was sent.'),
      );
    return draft.again === 1 ? [] : others.map((other) => ({ key: Number(other.key), id: String(other.id) }));
  }

  /** Addresses, in lower case, of those who have a campaign's letter or will have it; slice by slice. */
  *holders(key: number): Generator<string[]> {
    const rows = this.#database.prepare(
      `SELECT lower(d.address) AS address FROM deliveries d JOIN campaigns c ON c.key = d.campaign
       WHERE d.campaign = ? AND d.id >= ? AND d.id <= ? AND c.state <> 'draft' AND ${have('d', 'c')}`,
    );
    for (const { from, to } of slicesOf(this.#database, key))
      yield rows.all(key, from, to).map(({ address }) => String(address));
  }

  /** Those of a draft who are to get it, slice by slice, with their addresses in lower case. */
  *intended(key: number): Generator<{ id: number; address: string }[]> {
    const rows = this.#database.prepare(
      `SELECT id, lower(address) AS address FROM deliveries WHERE campaign = ? AND id >= ? AND id <= ? AND state <> 'suppressed'
       ORDER BY id`,
    );
    for (const { from, to } of slicesOf(this.#database, key))
      yield rows.all(key, from, to).map(({ id, address }) => ({ id: Number(id), address: String(address) }));
  }

  /** Those who did not get a campaign's letter from it, slice by slice, with their addresses in lower case. */
  *missed(key: number): Generator<{ id: number; address: string }[]> {
    const rows = this.#database.prepare(
      `SELECT id, lower(address) AS address FROM deliveries WHERE campaign = ? AND id >= ? AND id <= ?
         AND state IN (SELECT value FROM json_each(?))`,
    );
    const states = JSON.stringify(resendable);
    for (const { from, to } of slicesOf(this.#database, key))
      yield rows.all(key, from, to, states).map(({ id, address }) => ({ id: Number(id), address: String(address) }));
  }

  /** Leaves these out of a draft: `other` has sent them its letter. */
  leaveOut(key: number, ids: readonly number[], other: LetterBegun): void {
    const these = 'campaign = ? AND id IN (SELECT value FROM json_each(?))';
    const run = (sql: string, ...values: (string | number)[]) =>
      Number(this.#database.prepare(sql).run(...values).changes);
    const which = JSON.stringify(ids);
    inTransaction(this.#database, () => {
      run(
        `INSERT INTO refused (campaign, list, line, address, reason, detail)
           SELECT campaign, list, line, address, 'alreadySent', ? FROM deliveries WHERE ${these} ORDER BY id`,
        JSON.stringify(msg('campaign {0}', other.id)),
        key,
        which,
      );
      const left = run(`DELETE FROM deliveries WHERE ${these}`, key, which);
      run('UPDATE campaigns SET total = total - ? WHERE key = ?', left, key);
    });
  }

  /** Notes the campaign's version with everybody who got it or will not get it, slice by slice; for a campaign that stands still. */
  async noteVersion(key: number): Promise<void> {
    const note = this.#database.prepare(
      `UPDATE deliveries SET version = (SELECT version FROM campaigns WHERE key = ?)
       WHERE campaign = ? AND id >= ? AND id <= ? AND version = 0 AND state NOT IN ('queued', 'deferred')`,
    );
    for (const { from, to } of slicesOf(this.#database, key)) {
      note.run(key, key, from, to);
      await setImmediate();
    }
  }

  /** After `noteVersion`: from here on the campaign's remaining readers get the text of this draft, which is removed. */
  correct(key: number, draft: number, now: number): void {
    inTransaction(this.#database, () => {
      const run = (sql: string, ...values: (string | number)[]) => this.#database.prepare(sql).run(...values);
      const version = Number(this.#database.prepare('SELECT version FROM campaigns WHERE key = ?').get(key)?.version);
      run(
        `INSERT INTO versions (campaign, version, at, document_sha256, document_text)
           SELECT key, version, ?, document_sha256, document_text FROM campaigns WHERE key = ?`,
        now,
        key,
      );
      const columns = 'subject, newsletter, newsletter_sha256, document_text, document_sha256, document_commit';
      run(
        `UPDATE campaigns SET (${columns}) = (SELECT ${columns} FROM campaigns WHERE key = ?), version = ? WHERE key = ?`,
        draft,
        version + 1,
        key,
      );
      run(
        `INSERT OR REPLACE INTO assets (campaign, path, sha256, content)
           SELECT ?, path, sha256, content FROM assets WHERE campaign = ?`,
        key,
        draft,
      );
      run('DELETE FROM campaigns WHERE key = ?', draft);
    });
  }

  /** How many got each version; one entry while nothing was corrected. `sent`: how many by version, 0 the present one. */
  versions(
    key: number,
    sent: ReadonlyMap<number, number>,
  ): { version: number; until: number; sha256: string; sent: number }[] {
    const now = this.#database.prepare('SELECT version, document_sha256 FROM campaigns WHERE key = ?').get(key);
    const before = this.#database
      .prepare('SELECT version, at, document_sha256 FROM versions WHERE campaign = ? ORDER BY version')
      .all(key);
    const count = (version: number) => sent.get(version) ?? 0;
    return [
      ...before.map((row) => ({
        version: Number(row.version),
        until: Number(row.at),
        sha256: String(row.document_sha256),
        sent: count(Number(row.version)),
      })),
      {
        version: Number(now?.version ?? 1),
        until: 0,
        sha256: String(now?.document_sha256 ?? ''),
        // Both: a correction may have been interrupted.
        sent: count(0) + count(Number(now?.version ?? 1)),
      },
    ];
  }
}
