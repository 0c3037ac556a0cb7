import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { type DeliveryState, deliveryGroups } from '../../../shared/campaign.ts';
import { operatorName } from '../../../shared/operatorName.ts';
import type { Cause } from '../../../shared/outcome.ts';
import type { CauseSum } from '../../../shared/reportRow.ts';
import { slicesOf } from './slices.ts';

export interface Summary {
  /** Failures, doubts and deferrals by cause, greatest first. */
  causes: CauseSum[];
  /** The largest, greatest first. */
  domains: DomainSum[];
  /** Sent and failed over time, in at most 120 points. */
  timeline: { at: number; sent: number; failed: number }[];
  /** How many got which version of the letter; 0 is the present one. */
  sent: Map<number, number>;
}

interface DomainSum {
  domain: string;
  total: number;
  sent: number;
  failed: number;
  waiting: number;
  other: number;
}

const POINTS = 120;
const DOMAINS = 200;
const CAUSES = 500;
/** Domains counted at once; beyond that the smallest are dropped, and those that are shown are counted again. */
const DOMAINS_AT_ONCE = 50_000;
/** Seconds counted at once; beyond that, they are merged in pairs. */
const STEPS_AT_ONCE = 20_000;

/** As SQL lists. */
const [FAILED, WAITING] = [deliveryGroups.failed, deliveryGroups.waiting].map(
  (states) => `(${states.map((state) => `'${state}'`).join(', ')})`,
);

const SLICE = 'campaign = ? AND id >= ? AND id <= ?';

/** Goes through a campaign's deliveries slice by slice: other work gets its turn, and memory does not grow with the list. */
export async function gatherSummary(database: DatabaseSync, key: number): Promise<Summary> {
  const causes = new Causes(database);
  const domains = new Domains(database);
  const timeline = new Timeline(database);
  const sent = new Map<number, number>();
  const versions = database.prepare(
    `SELECT version, count(*) AS n FROM deliveries WHERE ${SLICE} AND state = 'sent' GROUP BY version`,
  );
  for (const { from, to } of slicesOf(database, key)) {
    const slice = [key, from, to] as const;
    causes.add(slice);
    domains.add(slice);
    timeline.add(slice);
    for (const { version, n } of versions.all(...slice))
      sent.set(Number(version), (sent.get(Number(version)) ?? 0) + Number(n));
    await setImmediate();
  }
  if (domains.cut) {
    const chosen = domains.largest();
    domains.only(chosen.map(({ domain }) => domain));
    for (const { from, to } of slicesOf(database, key)) {
      domains.add([key, from, to]);
      await setImmediate();
    }
  }
  return { causes: causes.all(), domains: domains.largest(), timeline: timeline.points(), sent };
}

type Bounds = readonly [key: number, from: number, to: number];

class Causes {
  readonly #query: StatementSync;
  readonly #found = new Map<string, Summary['causes'][number]>();

  constructor(database: DatabaseSync) {
    this.#query = database.prepare(
      `SELECT state, cause, transport, CASE WHEN host = '' THEN domain ELSE host END AS place, count(*) AS n,
         max(CASE WHEN code > 0 THEN trim(code || ' ' || enhanced) || ' ' || text ELSE text END) AS text
       FROM deliveries WHERE ${SLICE} AND state IN ('rejected', 'expired', 'inDoubt', 'deferred')
       GROUP BY state, cause, transport, place`,
    );
  }

  add(slice: Bounds): void {
    for (const row of this.#query.all(...slice)) {
      const place = JSON.stringify([row.state, row.cause, row.transport, row.place]);
      const known = this.#found.get(place);
      const text = String(row.text);
      if (known) {
        known.count += Number(row.n);
        if (text > known.text) known.text = text;
      } else if (this.#found.size < DOMAINS_AT_ONCE) {
        this.#found.set(place, {
          state: String(row.state) as DeliveryState,
          cause: String(row.cause || 'otherTemporary') as Cause,
          transport: String(row.transport),
          operator: operatorName(String(row.place)),
          count: Number(row.n),
          text,
        });
      }
    }
  }

  all(): Summary['causes'] {
    return [...this.#found.values()].sort((a, b) => b.count - a.count).slice(0, CAUSES);
  }
}

class Domains {
  readonly #query: StatementSync;
  #sums = new Map<string, DomainSum>();
  #only: ReadonlySet<string> | null = null;
  /** Some were dropped. */
  cut = false;

  constructor(database: DatabaseSync) {
    this.#query = database.prepare(
      `SELECT domain, count(*) AS total, sum(state = 'sent') AS sent, sum(state IN ${FAILED}) AS failed,
         sum(state IN ${WAITING}) AS waiting
       FROM deliveries WHERE ${SLICE} GROUP BY domain`,
    );
  }

  /** Starts again, with these alone. */
  only(domains: readonly string[]): void {
    this.#sums = new Map();
    this.#only = new Set(domains);
  }

  add(slice: Bounds): void {
    for (const row of this.#query.all(...slice)) {
      const domain = String(row.domain);
      if (this.#only && !this.#only.has(domain)) continue;
      const [total, sent, failed, waiting] = [row.total, row.sent, row.failed, row.waiting].map(Number) as [
        number,
        number,
        number,
        number,
      ];
      const sum = this.#sums.get(domain) ?? { domain, total: 0, sent: 0, failed: 0, waiting: 0, other: 0 };
      sum.total += total;
      sum.sent += sent;
      sum.failed += failed;
      sum.waiting += waiting;
      sum.other += total - sent - failed - waiting;
      this.#sums.set(domain, sum);
    }
    if (this.#sums.size <= DOMAINS_AT_ONCE) return;
    this.cut = true;
    this.#sums = new Map(this.#sorted(DOMAINS_AT_ONCE / 2).map((sum) => [sum.domain, sum]));
  }

  largest(): DomainSum[] {
    return this.#sorted(DOMAINS);
  }

  #sorted(count: number): DomainSum[] {
    return [...this.#sums.values()].sort((a, b) => b.total - a.total).slice(0, count);
  }
}

class Timeline {
  readonly #query: StatementSync;
  #steps = new Map<number, { sent: number; failed: number }>();
  #stepMs = 1000;
  #first = Number.POSITIVE_INFINITY;

  constructor(database: DatabaseSync) {
    this.#query = database.prepare(
      `SELECT min(at) AS first, at / 1000 AS second, sum(state = 'sent') AS sent, sum(state IN ${FAILED}) AS failed
       FROM deliveries WHERE ${SLICE} AND at > 0 AND (state = 'sent' OR state IN ${FAILED}) GROUP BY second`,
    );
  }

  add(slice: Bounds): void {
    for (const row of this.#query.all(...slice)) {
      this.#first = Math.min(this.#first, Number(row.first));
      this.#count(Math.floor((Number(row.second) * 1000) / this.#stepMs), Number(row.sent), Number(row.failed));
    }
    while (this.#steps.size > STEPS_AT_ONCE) this.#widen(2);
  }

  points(): Summary['timeline'] {
    const steps = [...this.#steps.keys()];
    if (steps.length === 0) return [];
    const from = steps.reduce((least, step) => Math.min(least, step));
    const span = steps.reduce((most, step) => Math.max(most, step)) - from + 1;
    const width = Math.max(1, Math.ceil(span / POINTS));
    const points = new Map<number, { at: number; sent: number; failed: number }>();
    for (const [step, { sent, failed }] of this.#steps) {
      const slot = Math.floor((step - from) / width);
      const point = points.get(slot) ?? { at: this.#first + slot * width * this.#stepMs, sent: 0, failed: 0 };
      point.sent += sent;
      point.failed += failed;
      points.set(slot, point);
    }
    return [...points.values()].sort((a, b) => a.at - b.at);
  }

  #count(step: number, sent: number, failed: number): void {
    const sum = this.#steps.get(step);
    if (sum) {
      sum.sent += sent;
      sum.failed += failed;
    } else this.#steps.set(step, { sent, failed });
  }

  #widen(factor: number): void {
    const steps = this.#steps;
    this.#steps = new Map();
    this.#stepMs *= factor;
    for (const [step, { sent, failed }] of steps) this.#count(Math.floor(step / factor), sent, failed);
  }
}
