import type { Fate } from './fate.ts';
import type { Course, Seen } from './lives.ts';

/** Between two tries of one delivery over one transport. */
const FLOOR_MS = 30_000;

/** What is promised of every campaign, whatever befalls it: each breach as a sentence, none when all is kept. */
export function brokenPromises(fate: Fate, course: Course): string[] {
  return [
    ...(course.stuck === '' ? [] : [`it stands still: ${course.stuck}`]),
    ...lostOrTwice(fate, course),
    ...overQuota(fate, course),
    ...tooHot(course),
    ...innocent(course),
  ];
}

const final = new Set(['sent', 'rejected', 'expired', 'inDoubt', 'suppressed', 'cancelled']);

function lostOrTwice({ readers }: Fate, { rows, seen, lost, state }: Course): string[] {
  const broken: string[] = [];
  const written = new Map<string, number>();
  for (const { kind, reader } of seen) if (kind === 'written') written.set(reader, (written.get(reader) ?? 0) + 1);
  if (rows.length !== readers.length) broken.push(`${rows.length} rows of ${readers.length}`);
  if (state !== 'done' && state !== 'cancelled') broken.push(`it ended as ${state}`);
  for (const row of rows) {
    const count = written.get(row.address) ?? 0;
    if (!final.has(row.state)) broken.push(`${row.address} is left ${row.state}`);
    if (count > 1) broken.push(`${row.address} got it ${count} times`);
    if (row.state === 'sent' && count === 0) broken.push(`${row.address} is called sent, and nobody got it`);
    if (count > 0 && row.state !== 'sent' && row.state !== 'inDoubt')
      broken.push(`${row.address} got it, and is called ${row.state}`);
  }
  const inDoubt = rows.filter((row) => row.state === 'inDoubt').length;
  if (inDoubt > lost) broken.push(`${inDoubt} in doubt for ${lost} connections lost`);
  return broken;
}

function overQuota({ settings, skews }: Fate, { seen }: Course): string[] {
  const broken: string[] = [];
  // A clock set forward opens windows before their time, and nobody can know.
  const forward = skews.some((skew) => skew > 0);
  for (const [name, { windows }] of Object.entries(settings.servers)) {
    const times = seen
      .filter(({ kind, transport }) => kind === 'written' && transport === name)
      .map(({ at, trueAt }) => (forward ? at : trueAt))
      .sort((a, b) => a - b);
    for (const { count, perMs } of windows)
      for (const [n, at] of times.entries()) {
        const before = times[n - count];
        if (before !== undefined && at - before < perMs)
          broken.push(`${name} took more than ${count} in ${perMs} ms: ${at - before} ms`);
      }
  }
  return broken;
}

function tooHot({ seen }: Course): string[] {
  const broken: string[] = [];
  const last = new Map<string, Seen>();
  for (const each of seen) {
    if (each.kind !== 'asked') continue;
    const key = `${each.reader} ${each.transport} ${each.era}`;
    const before = last.get(key);
    last.set(key, each);
    if (before && each.at - before.at < FLOOR_MS)
      broken.push(`${each.reader} was asked twice in ${each.at - before.at} ms over ${each.transport}`);
  }
  return broken;
}

function innocent({ suppressed, unknown }: Course): string[] {
  return suppressed.filter((entry) => !unknown.has(entry)).map((entry) => `${entry} is suppressed, and innocent`);
}
