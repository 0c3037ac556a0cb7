import type { ReportView } from '../../src/protocol/reportMessages.ts';

export type Timeline = ReportView['timeline'];

/** A point of the running totals. */
export interface Point {
  at: number;
  sent: number;
  failed: number;
}

/** Running totals of what was settled in each span; begins with nothing one span before the first. */
export function runningTotals(timeline: Timeline): Point[] {
  const first = timeline[0];
  if (!first) return [];
  const step = Math.min(
    ...timeline.slice(1).map((point, index) => point.at - (timeline[index]?.at ?? 0)),
    1000 * 60 * 60,
  );
  const points: Point[] = [
    { at: first.at - (Number.isFinite(step) && timeline.length > 1 ? step : 1000), sent: 0, failed: 0 },
  ];
  let sent = 0;
  let failed = 0;
  for (const point of timeline) {
    sent += point.sent;
    failed += point.failed;
    points.push({ at: point.at, sent, failed });
  }
  return points;
}

/** A readable maximum for the scale: a small number times a power of ten. */
export function roundTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const factor = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value) ?? 10;
  return factor * power;
}
