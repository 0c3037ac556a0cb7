import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { domainOf } from '../../../shared/address.ts';
import type { Attention, CampaignState } from '../../../shared/campaign.ts';
import { msg, type Text, UserError } from '../../../shared/errors.ts';
import type { LeftOut } from '../../../shared/leftOut.ts';
import type { Recipient, RefusedRow } from '../../../shared/recipient.ts';
import type { SendingHours, Settings } from '../../../shared/settings.ts';
import { inTransaction } from './database.ts';
import { GONE } from './removal.ts';
import { ROWS } from './slices.ts';

interface List {
  path: string;
  sha256: string;
}

/** What is pinned. `newsletter` is JSON: the queue does not parse it. */
export interface Pinned {
  id: string;
  kind: 'send' | 'test';
  subject: string;
  newsletter: string;
  settings: Settings;
  document: { path: string; text: string; commit: string };
  recipients: List & { more?: readonly List[] };
  hours: SendingHours | null;
  /** Identifies the letter, so that nobody gets it twice; absent for one that may be sent any number of times. */
  letter?: { key: string; once: string; again: boolean };
}

export interface CampaignRow {
  key: number;
  id: string;
  kind: 'send' | 'test';
  state: CampaignState | 'draft';
  subject: string;
  settings: Settings;
  documentPath: string;
  recipientsPath: string;
  /** Paths of its lists after the first. */
  moreLists: readonly string[];
  hours: SendingHours | null;
  createdAt: number;
  startAt: number;
  finishedAt: number;
  nextSequence: number;
  total: number;
  attention: readonly Attention[];
}

/** What tells the lists of a campaign. */
export type CampaignLists = Pick<CampaignRow, 'key' | 'recipientsPath' | 'moreLists'>;

export interface LeftOutRow extends RefusedRow {
  id: number;
  file: string;
}

/** Path of a campaign's n-th list. */
export function listPath({ recipientsPath, moreLists }: Omit<CampaignLists, 'key'>, list: number): string {
  return [recipientsPath, ...moreLists][list] ?? recipientsPath;
}

/** What has to be known, and reported, for each row added. */
export interface Taking {
  isSuppressed(address: string, domain: string): boolean;
  taken(id: number, domain: string, suppressed: boolean): void;
}

/** Rows per INSERT: half the time of one by one. */
const ROWS_AT_ONCE = 25;

const COLUMNS = `key, id, kind, state, subject, settings, document_path, recipients_path, more_lists, hours, created_at, start_at,
  finished_at, next_sequence, total, attention`;

/** Campaigns and what is pinned with them. A draft has not been acknowledged; it does not survive a restart. */
export class CampaignStore {
  readonly #database: DatabaseSync;
  /** Keyed by the number of rows. */
  readonly #inserts = new Map<number, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Of an id that no campaign has. */
  createDraft(pinned: Pinned, now: number): void {
    const settings = JSON.stringify(pinned.settings);
    this.#database
      .prepare(
        `INSERT INTO campaigns (id, kind, state, subject, newsletter, newsletter_sha256, settings, settings_sha256,
             document_path, document_text, document_sha256, document_commit, recipients_path, recipients_sha256, hours, created_at,
             letter, once, again, more_lists)
           VALUES (?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        pinned.id,
        pinned.kind,
        pinned.subject,
        pinned.newsletter,
        sha256(pinned.newsletter),
        settings,
        sha256(settings),
        pinned.document.path,
        pinned.document.text,
        sha256(pinned.document.text),
        pinned.document.commit,
        pinned.recipients.path,
        pinned.recipients.sha256,
        pinned.hours ? JSON.stringify(pinned.hours) : null,
        now,
        pinned.letter?.key ?? '',
        pinned.letter?.once ?? '',
        pinned.letter?.again ? 1 : 0,
        JSON.stringify(pinned.recipients.more ?? []),
      );
  }

  addAsset(key: number, path: string, content: Uint8Array): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO assets (campaign, path, sha256, content) VALUES (?, ?, ?, ?)')
      .run(key, path, createHash('sha256').update(content).digest('hex'), content);
  }

  hasAsset(key: number, path: string): boolean {
    return this.#database.prepare('SELECT 1 FROM assets WHERE campaign = ? AND path = ?').get(key, path) !== undefined;
  }

  asset(key: number, path: string): Uint8Array {
    const row = this.#database.prepare('SELECT content FROM assets WHERE campaign = ? AND path = ?').get(key, path);
    if (row?.content instanceof Uint8Array) return row.content;
    throw new UserError(
      'missingAsset',
      msg('The file {0} is not part of the campaign.', path),
      msg('Start the campaign again.'),
    );
  }

  /** Appends rows; none of them is sent before the draft starts. A sequence number that exists already is skipped. */
  addRows(
    key: number,
    sequence: number,
    rows: readonly Recipient[],
    refused: readonly RefusedRow[],
    taking: Taking,
  ): void {
    inTransaction(this.#database, () => {
      const expected = this.#database.prepare('SELECT next_sequence AS n FROM campaigns WHERE key = ?').get(key);
      if (sequence < Number(expected?.n)) return;
      if (sequence > Number(expected?.n)) throw new Error(`rows ${String(expected?.n)} are missing before ${sequence}`);
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) this.#insert(key, rows, at, taking);
      const refuse = this.#database.prepare(
        'INSERT INTO refused (campaign, list, line, address, reason, detail) VALUES (?, ?, ?, ?, ?, ?)',
      );
      for (const row of refused)
        refuse.run(key, row.list ?? 0, row.line, row.address, row.reason, JSON.stringify(row.detail));
      this.#database
        .prepare('UPDATE campaigns SET next_sequence = ?, total = total + ? WHERE key = ?')
        .run(sequence + 1, rows.length, key);
    });
  }

  /** One INSERT of the rows from an index on. */
  #insert(key: number, rows: readonly Recipient[], from: number, { isSuppressed, taken }: Taking): void {
    const count = Math.min(ROWS_AT_ONCE, rows.length - from);
    const values: SQLInputValue[] = [];
    for (let n = 0; n < count; n++) {
      const { list = 0, line, address, fields } = rows[from + n] as Recipient;
      const domain = domainOf(address);
      const state = isSuppressed(address, domain) ? 'suppressed' : 'queued';
      values.push(key, list, line, address, domain, JSON.stringify(fields), state);
    }
    let insert = this.#inserts.get(count);
    if (!insert) {
      const several = Array.from({ length: count }, () => '(?, ?, ?, ?, ?, ?, ?)').join(', ');
      insert = this.#database.prepare(
        `INSERT INTO deliveries (campaign, list, line, address, domain, fields, state) VALUES ${several}`,
      );
      this.#inserts.set(count, insert);
    }
    // One statement gives ids in a row.
    const first = Number(insert.run(...values).lastInsertRowid) - count + 1;
    for (let n = 0; n < count; n++) taken(first + n, String(values[n * 7 + 4]), values[n * 7 + 6] === 'suppressed');
  }

  /**
   * From here on it is a campaign: acknowledged, on disk. False, and still a draft, where `ready` says no in the same
   * transaction.
   */
  begin(key: number, state: CampaignState, startAt: number, ready = () => true): boolean {
    return inTransaction(this.#database, () => {
      if (!ready()) return false;
      this.#database
        .prepare(`UPDATE campaigns SET state = ?, start_at = ? WHERE key = ? AND state = 'draft'`)
        .run(state, startAt, key);
      return true;
    });
  }

  setState(key: number, state: CampaignState, attention: readonly Attention[], finishedAt: number): void {
    this.#database
      .prepare('UPDATE campaigns SET state = ?, attention = ?, finished_at = ? WHERE key = ?')
      .run(state, JSON.stringify(attention), finishedAt, key);
  }

  find(id: string): CampaignRow | null {
    if (id.startsWith(GONE)) return null;
    const row = this.#database.prepare(`SELECT ${COLUMNS} FROM campaigns WHERE id = ?`).get(id);
    return row ? toCampaign(row) : null;
  }

  /** Newest first, drafts left out. */
  all(): CampaignRow[] {
    return this.#database
      .prepare(`SELECT ${COLUMNS} FROM campaigns WHERE state <> 'draft' ORDER BY key DESC`)
      .all()
      .map(toCampaign);
  }

  newsletter(key: number): string {
    return String(this.#database.prepare('SELECT newsletter FROM campaigns WHERE key = ?').get(key)?.newsletter);
  }

  document(key: number): { path: string; text: string; sha256: string; commit: string } {
    const row = this.#database
      .prepare(
        `SELECT document_path AS path, document_text AS text, document_sha256 AS sha256, document_commit AS "commit"
         FROM campaigns WHERE key = ?`,
      )
      .get(key);
    return {
      path: String(row?.path),
      text: String(row?.text),
      sha256: String(row?.sha256),
      commit: String(row?.commit),
    };
  }

  /** How many of its rows were left out, by reason; slice by slice. */
  async leftOut(key: number): Promise<Partial<LeftOut>> {
    const counts = new Map<string, number>();
    const page = this.#database.prepare(
      `SELECT reason, count(*) AS n, max(id) AS last
       FROM (SELECT rowid AS id, reason FROM refused WHERE campaign = ? AND rowid > ? ORDER BY rowid LIMIT ?) GROUP BY reason`,
    );
    for (let after = 0; ; await setImmediate()) {
      let rows = 0;
      for (const { reason, n, last } of page.all(key, after, ROWS)) {
        counts.set(String(reason), (counts.get(String(reason)) ?? 0) + Number(n));
        rows += Number(n);
        after = Math.max(after, Number(last));
      }
      if (rows < ROWS) return Object.fromEntries(counts);
    }
  }

  /** Rows with a greater id than `after`, in the order of the lists. */
  refused({ key, ...campaign }: CampaignLists, after: number, limit: number): LeftOutRow[] {
    const rows = this.#database
      .prepare(
        `SELECT rowid AS id, list, line, address, reason, detail FROM refused WHERE campaign = ? AND rowid > ?
         ORDER BY rowid LIMIT ?`,
      )
      .all(key, after, limit);
    return rows.map((row) => ({
      id: Number(row.id),
      file: listPath(campaign, Number(row.list)),
      ...(Number(row.list) > 0 ? { list: Number(row.list) } : {}),
      line: Number(row.line),
      address: String(row.address),
      reason: String(row.reason) as RefusedRow['reason'],
      detail: JSON.parse(String(row.detail)) as Text,
    }));
  }
}

function toCampaign(row: Record<string, SQLOutputValue>): CampaignRow {
  return {
    key: Number(row.key),
    id: String(row.id),
    kind: String(row.kind) as CampaignRow['kind'],
    state: String(row.state) as CampaignRow['state'],
    subject: String(row.subject),
    settings: JSON.parse(String(row.settings)) as Settings,
    documentPath: String(row.document_path),
    recipientsPath: String(row.recipients_path),
    moreLists: (JSON.parse(String(row.more_lists)) as List[]).map(({ path }) => path),
    hours: row.hours === null ? null : (JSON.parse(String(row.hours)) as SendingHours),
    createdAt: Number(row.created_at),
    startAt: Number(row.start_at),
    finishedAt: Number(row.finished_at),
    nextSequence: Number(row.next_sequence),
    total: Number(row.total),
    attention: JSON.parse(String(row.attention)) as Attention[],
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
