import { words } from '../shared/dom.ts';
import { type Point, roundTop, runningTotals, type Timeline } from './totals.ts';

const WIDTH = 640;
const HEIGHT = 300;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 10;

/** Sent as a filled area, failed on top of it, in the theme's colours; the words are for those who do not see it. */
export function progressChart(timeline: Timeline, label: string): SVGSVGElement {
  const points = runningTotals(timeline);
  const svg = node('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'chart', role: 'img', 'aria-label': label });
  const last = points.at(-1);
  const first = points[0];
  if (!first || !last) return svg;
  const top = roundTop(last.sent + last.failed);
  const x = (at: number) => LEFT + ((at - first.at) / Math.max(1, last.at - first.at)) * (WIDTH - LEFT - 8);
  const y = (count: number) => TOP + (1 - count / top) * (HEIGHT - TOP - BOTTOM);
  for (const share of [0, 0.5, 1]) {
    const height = y(top * share);
    svg.append(node('line', { x1: LEFT, x2: WIDTH - 8, y1: height, y2: height, class: 'grid' }));
    if (share === 0 || top * share === Math.round(top * share))
      svg.append(text(LEFT - 8, height + 4, words().number(Math.round(top * share)), 'end'));
  }
  const area = (upper: (point: Point) => number, lower: (point: Point) => number) =>
    `M${points.map((point) => `${x(point.at).toFixed(1)},${y(upper(point)).toFixed(1)}`).join('L')}L${[...points]
      .reverse()
      .map((point) => `${x(point.at).toFixed(1)},${y(lower(point)).toFixed(1)}`)
      .join('L')}Z`;
  svg.append(
    node('path', {
      d: area(
        (point) => point.sent,
        () => 0,
      ),
      class: 'area-sent',
    }),
  );
  svg.append(
    node('path', {
      d: area(
        (point) => point.sent + point.failed,
        (point) => point.sent,
      ),
      class: 'area-failed',
    }),
  );
  svg.append(
    node('polyline', {
      points: points.map((point) => `${x(point.at).toFixed(1)},${y(point.sent).toFixed(1)}`).join(' '),
      class: 'line-sent',
    }),
  );
  const sameDay = new Date(first.at).toDateString() === new Date(last.at).toDateString();
  const short = last.at - first.at < 120_000;
  const time = (at: number) => (sameDay ? words().clock(at, short) : words().day(at));
  svg.append(text(LEFT, HEIGHT - 5, time(first.at), 'start'), text(WIDTH - 8, HEIGHT - 5, time(last.at), 'end'));
  return svg;
}

function node(name: string, attributes: Record<string, string | number>): SVGSVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element as SVGSVGElement;
}

function text(x: number, y: number, words: string, anchor: string): SVGSVGElement {
  const element = node('text', { x, y, 'text-anchor': anchor, class: 'tick' });
  element.textContent = words;
  return element;
}
