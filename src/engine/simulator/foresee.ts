import type { DeliveryState } from '../../shared/campaign.ts';
import type { Foresight, ForesightRequest, Scenario } from '../../shared/foresight.ts';
import { seededRandom } from '../../shared/seededRandom.ts';
import type { Settings } from '../../shared/settings.ts';
import { ReportStore } from '../queue/store/reportStore.ts';
import { Course, type Deferred, type KnownHistory } from './course.ts';
import { grainFor } from './grain.ts';

/** How many rows are simulated one by one when only the time is asked for, and for a full rehearsal: seconds, not minutes. */
const QUICK_ROWS = 1_000;
const ALL_ROWS = 1_500;
/** Nobody plans further ahead. */
const LONGEST_MS = 3 * 366 * 86_400_000;

export interface Known {
  now: number;
  past: KnownHistory;
  /** How the servers are known to behave. */
  world: Scenario;
  measured: boolean;
  /** Rows simulated one by one at most; absent: as many as make a good forecast. */
  rows?: number;
  deferred?: Deferred;
  signal?: AbortSignal;
}

/** What would happen to a campaign, in the world as known or in that of a scenario. Rejects when the signal aborts. */
export async function foresee(
  { settings, list, startAt, scenario }: ForesightRequest,
  known: Known,
): Promise<Foresight> {
  const grain = grainFor(list, settings, known.rows ?? (scenario ? ALL_ROWS : QUICK_ROWS));
  const course = await Course.begin({
    settings,
    list,
    now: known.now,
    startAt,
    scenario: scenario ? inWorld(known.world, scenario) : known.world,
    past: known.past,
    grain,
    ...(known.deferred ? { deferred: known.deferred } : {}),
    random: seededRandom(list.total),
  });
  try {
    const begin = Math.max(known.now, startAt);
    const end = await course.toTheEnd(begin + LONGEST_MS, known.signal);
    return { ...(await told(course, settings, list.total, begin)), end, measured: known.measured, grain };
  } finally {
    await course.close();
  }
}

/** A scenario's servers know their own limits too. */
function inWorld(world: Scenario, scenario: Scenario): Scenario {
  const names = new Set([...Object.keys(world.behaviours), ...Object.keys(scenario.behaviours)]);
  return {
    name: scenario.name,
    behaviours: Object.fromEntries(
      [...names].map((name) => [name, { ...world.behaviours[name], ...scenario.behaviours[name] }]),
    ),
  };
}

async function told(course: Course, settings: Settings, total: number, startAt: number) {
  const { run, database } = course;
  const reports = new ReportStore(database, () => '');
  const whole = portions(total, Math.max(1, run.row.total));
  const counts = Object.fromEntries(
    Object.entries(run.counts).map(([state, count]) => [state, whole(count)]),
  ) as Record<DeliveryState, number>;
  const rows = database
    .prepare(
      `SELECT transport, count(*) AS n, min(at) AS first, max(at) AS last FROM deliveries WHERE state = 'sent'
       GROUP BY transport`,
    )
    .all();
  const route = [...new Set([settings.route, ...Object.values(settings.domainRoutes)].flat(2))];
  const by = rows
    .map(({ transport, n, first, last }) => ({
      transport: String(transport),
      sent: whole(Number(n)),
      firstAt: Number(first),
      lastAt: Number(last),
    }))
    .sort((a, b) => route.indexOf(a.transport) - route.indexOf(b.transport));
  const last = database.prepare('SELECT max(at) AS at FROM deliveries').get();
  const found = await reports.summary(run.key);
  const causes = found.causes.map((row) => ({ ...row, count: whole(row.count) }));
  const timeline = found.timeline.map(({ at, sent, failed }) => ({ at, sent: whole(sent), failed: whole(failed) }));
  const endAt = Math.max(startAt, Number(last?.at ?? 0));
  const { attention } = run;
  return { startAt, endAt, total, attention, counts, by, waits: course.waits, causes, timeline };
}

/** This many rows as real messages. */
function portions(total: number, rows: number): (count: number) => number {
  return (count) => Math.round((count * total) / rows);
}
