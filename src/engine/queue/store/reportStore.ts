import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { type DeliveryState, deliveryGroups } from '../../../shared/campaign.ts';
import { operatorName } from '../../../shared/operatorName.ts';
import type { AttemptEnd, Cause } from '../../../shared/outcome.ts';
import { type Lists, listPath } from './campaignStore.ts';

type Row = Record<string, SQLOutputValue>;

export interface DeliveryRow {
  id: number;
  line: number;
  list: string;
  address: string;
  state: DeliveryState;
  transport: string;
  host: string;
  cause: Cause | '';
  code: number;
  enhanced: string;
  text: string;
  attempts: number;
  at: number;
  nextAt: number;
  messageId: string;
  token: string;
}

const POINTS = 120;

/** As SQL lists. */
const [FAILED, WAITING] = [deliveryGroups.failed, deliveryGroups.waiting].map(
  (states) => `(${states.map((state) => `'${state}'`).join(', ')})`,
);

/** Who got it, who did not, and why: the questions a report asks of the store. */
export class ReportStore {
  readonly #database: DatabaseSync;
  readonly #tokenOf: (campaign: string, address: string) => string;

  /** `tokenOf`: what the unsubscribe link of a reader of a campaign carries. */
  constructor(database: DatabaseSync, tokenOf: (campaign: string, address: string) => string) {
    this.#database = database;
    this.#tokenOf = tokenOf;
  }

  rows(
    campaign: Lists,
    query: {
      campaign: string;
      states?: readonly DeliveryState[] | undefined;
      search?: string | undefined;
      after: number;
      limit: number;
    },
  ): DeliveryRow[] {
    const states = query.states ?? [];
    const where = ['campaign = ?', 'id > ?'];
    const values: (string | number)[] = [campaign.key, query.after];
    if (states.length > 0) {
      where.push(`state IN (${states.map(() => '?').join(', ')})`);
      values.push(...states);
    }
    if (query.search) {
      where.push(`address LIKE ? ESCAPE '\\'`);
      values.push(`%${query.search.replace(/[\\%_]/g, '\\$&')}%`);
    }
    return this.#database
      .prepare(
        `SELECT deliveries.*, (SELECT count(*) FROM attempts WHERE delivery = deliveries.id) AS attempts
         FROM deliveries WHERE ${where.join(' AND ')} ORDER BY id LIMIT ?`,
      )
      .all(...values, query.limit)
      .map((row) => ({
        ...toRow(row, this.#tokenOf(query.campaign, String(row.address))),
        list: listPath(campaign, Number(row.list)),
      }));
  }

  attempts(key: number, delivery: number) {
    return this.#database
      .prepare(
        `SELECT attempts.* FROM attempts JOIN deliveries ON deliveries.id = attempts.delivery
         WHERE deliveries.campaign = ? AND delivery = ? ORDER BY attempts.id`,
      )
      .all(key, delivery)
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

  /** Failures, doubts and deferrals grouped by cause, greatest first. The operator is the host without its first label. */
  causes(key: number) {
    return this.#database
      .prepare(
        `SELECT state, cause, transport, CASE WHEN host = '' THEN domain ELSE host END AS place, count(*) AS n,
           max(CASE WHEN code > 0 THEN trim(code || ' ' || enhanced) || ' ' || text ELSE text END) AS text
         FROM deliveries WHERE campaign = ? AND state IN ('rejected', 'expired', 'inDoubt', 'deferred')
         GROUP BY state, cause, transport, place ORDER BY n DESC LIMIT 500`,
      )
      .all(key)
      .map((row) => ({
        state: String(row.state) as DeliveryState,
        cause: String(row.cause || 'otherTemporary') as Cause,
        transport: String(row.transport),
        operator: operatorName(String(row.place)),
        count: Number(row.n),
        text: String(row.text),
      }));
  }

  domains(key: number) {
    return this.#database
      .prepare(
        `SELECT domain, count(*) AS total, sum(state = 'sent') AS sent, sum(state IN ${FAILED}) AS failed,
           sum(state IN ${WAITING}) AS waiting
         FROM deliveries WHERE campaign = ? GROUP BY domain ORDER BY total DESC LIMIT 200`,
      )
      .all(key)
      .map((row) => ({
        domain: String(row.domain),
        total: Number(row.total),
        sent: Number(row.sent),
        failed: Number(row.failed),
        waiting: Number(row.waiting),
        other: Number(row.total) - Number(row.sent) - Number(row.failed) - Number(row.waiting),
      }));
  }

  /** Sent and failed over time in at most 120 points. */
  timeline(key: number) {
    const settled = `campaign = ? AND at > 0 AND (state = 'sent' OR state IN ${FAILED})`;
    const span = this.#database
      .prepare(`SELECT min(at) AS first, max(at) AS last FROM deliveries WHERE ${settled}`)
      .get(key);
    if (!span || span.first === null) return [];
    const first = Number(span.first);
    const step = Math.max(1000, Math.ceil((Number(span.last) - first + 1) / POINTS));
    return this.#database
      .prepare(
        `SELECT (at - ?) / ? AS slot, sum(state = 'sent') AS sent, sum(state IN ${FAILED}) AS failed
         FROM deliveries WHERE ${settled} GROUP BY slot ORDER BY slot`,
      )
      .all(first, step, key)
      .map((row) => ({ at: first + Number(row.slot) * step, sent: Number(row.sent), failed: Number(row.failed) }));
  }

  tallies(key: number): Map<string, { sent: number; deferred: number; rejected: number }> {
    const rows = this.#database
      .prepare(
        `SELECT transport, sum(state = 'sent') AS sent, sum(state = 'deferred') AS deferred,
           sum(state IN ${FAILED}) AS rejected
         FROM deliveries WHERE campaign = ? AND transport <> '' GROUP BY transport`,
      )
      .all(key);
    return new Map(
      rows.map((row) => [
        String(row.transport),
        { sent: Number(row.sent), deferred: Number(row.deferred), rejected: Number(row.rejected) },
      ]),
    );
  }
}

function toRow(row: Row, token: string): Omit<DeliveryRow, 'list'> {
  return {
    id: Number(row.id),
    line: Number(row.line),
    address: String(row.address),
    state: String(row.state) as DeliveryState,
    transport: String(row.transport),
    host: String(row.host),
    cause: String(row.cause) as Cause | '',
    code: Number(row.code),
    enhanced: String(row.enhanced),
    text: String(row.text),
    attempts: Number(row.attempts),
    at: Number(row.at),
    nextAt: Number(row.next_at),
    messageId: String(row.message_id),
    token,
  };
}
