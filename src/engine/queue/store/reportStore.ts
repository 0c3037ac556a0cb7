import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../../../shared/campaign.ts';
import type { AttemptEnd, Cause } from '../../../shared/outcome.ts';
import type { ReportRow } from '../../../shared/reportRow.ts';
import { type CampaignLists, listPath } from './campaignStore.ts';
import { gatherSummary, type Summary } from './reportSummary.ts';
import { SHOWN_FROM, shownState } from './shown.ts';

/** Who got it, who did not, and why: the queries of a report. */
export class ReportStore {
  readonly #database: DatabaseSync;
  readonly #tokenOf: (campaign: string, address: string) => string;

  /** `tokenOf`: the token in the unsubscribe link of a reader of a campaign. */
  constructor(database: DatabaseSync, tokenOf: (campaign: string, address: string) => string) {
    this.#database = database;
    this.#tokenOf = tokenOf;
  }

  rows(
    campaign: CampaignLists,
    query: {
      campaign: string;
      states?: readonly DeliveryState[] | undefined;
      search?: string | undefined;
      after: number;
      limit: number;
    },
  ): ReportRow[] {
    const states = query.states ?? [];
    const owner = this.#database.prepare('SELECT state FROM campaigns WHERE key = ?').get(campaign.key);
    const shown = shownState(owner?.state === 'cancelled');
    const where = ['d.campaign = ?', 'd.id > ?'];
    const values: (string | number)[] = [campaign.key, query.after];
    if (states.length > 0) {
      where.push(`${shown} IN (${states.map(() => '?').join(', ')})`);
      values.push(...states);
    }
    if (query.search) {
      where.push(`d.address LIKE ? ESCAPE '\\'`);
      values.push(`%${query.search.replace(/[\\%_]/g, '\\$&')}%`);
    }
    // A page as one JSON text: cheaper than an object from SQLite for each row.
    const page = this.#database
      .prepare(
        `SELECT json_group_array(json_array(id, list, line, address, state, transport, host, cause, code, enhanced, text, at,
             next_at, message_id, attempts)) AS rows
         FROM (SELECT d.id, d.list, d.line, d.address, ${shown} AS state, coalesce(i.transport, d.transport) AS transport,
           coalesce(i.host, d.host) AS host, d.cause, d.code, d.enhanced, d.text, coalesce(i.committed_at, d.at) AS at, d.next_at,
           coalesce(i.message_id, d.message_id) AS message_id,
           coalesce((SELECT nth FROM attempts WHERE id = d.attempt), 0) + (i.delivery IS NOT NULL) AS attempts
         FROM ${SHOWN_FROM} WHERE ${where.join(' AND ')} ORDER BY d.id LIMIT ?)`,
      )
      .get(...values, query.limit);
    return (JSON.parse(String(page?.rows)) as PageRow[]).map((row) =>
      toRow(row, campaign, this.#tokenOf(query.campaign, row[3])),
    );
  }

  /** Oldest first, one in progress last. */
  attempts(key: number, delivery: number) {
    return this.#database
      .prepare(
        `WITH RECURSIVE chain(id, before) AS (
           SELECT attempts.id, before FROM deliveries JOIN attempts ON attempts.id = attempt
           WHERE deliveries.id = ? AND campaign = ?
           UNION ALL SELECT attempts.id, attempts.before FROM chain JOIN attempts ON attempts.id = chain.before)
         SELECT transport, host, started_at, committed_at, ended_at, ended, cause FROM (
           SELECT a.id, transport, host, started_at, committed_at, ended_at, ended, cause FROM chain JOIN attempts a USING (id)
           UNION ALL SELECT 9e18, i.transport, i.host, started_at, committed_at, 0, NULL, ''
             FROM intents i JOIN deliveries d ON d.id = delivery WHERE delivery = ? AND campaign = ?)
         ORDER BY id`,
      )
      .all(delivery, key, delivery, key)
      .map((row) => ({
        transport: String(row.transport),
        host: String(row.host),
        startedAt: Number(row.started_at),
        committedAt: Number(row.committed_at),
        endedAt: Number(row.ended_at),
        end: row.ended === null ? null : (JSON.parse(String(row.ended)) as AttemptEnd),
        cause: String(row.cause) as Cause | '',
      }));
  }

  /** All totals over a campaign's deliveries, slice by slice. */
  summary(key: number): Promise<Summary> {
    return gatherSummary(this.#database, key);
  }
}

/** As the query of a page has its columns. */
type PageRow = [
  id: number,
  list: number,
  line: number,
  address: string,
  state: DeliveryState,
  transport: string,
  host: string,
  cause: Cause | '',
  code: number,
  enhanced: string,
  text: string,
  at: number,
  nextAt: number,
  messageId: string,
  attempts: number,
];

function toRow(row: PageRow, campaign: CampaignLists, token: string): ReportRow {
  const [
    id,
    list,
    line,
    address,
    state,
    transport,
    host,
    cause,
    code,
    enhanced,
    text,
    at,
    nextAt,
    messageId,
    attempts,
  ] = row;
  return {
    id,
    line,
    address,
    state,
    transport,
    host,
    cause,
    code,
    enhanced,
    text,
    attempts,
    at,
    nextAt,
    messageId,
    token,
    list: listPath(campaign, list),
  };
}
