import { type Case, nameOf } from './cases.ts';
import type { Sent } from './sending.ts';

/** Rows of a Markdown table, so that what a run prints can be put into a page as it is. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function sendingHead(clients: readonly string[], before: string): string {
  const ratios = ['÷ nodemailer', '÷ bound', ...(before ? [`÷ ${before}`] : [])];
  const cells = ['per second · CPU s per 1,000 · peak MB', ...clients, ...ratios];
  return `${row(cells)}\n${row(cells.map(() => '---'))}`;
}

/** `mine` and those it is divided by: rate, then processor time (less is better there). */
export function sendingRow(
  one: Case,
  clients: readonly string[],
  sent: ReadonlyMap<string, Sent>,
  divisors: readonly string[],
): string {
  const mine = sent.get(clients[0] ?? '');
  const cells = clients.map((name) => cell(sent.get(name)));
  const ratios = divisors.map((name) => {
    const other = sent.get(name);
    if (!mine || !other) return '–';
    return `${(mine.perSecond / other.perSecond).toFixed(2)} · CPU ${(mine.cpuPer1000 / other.cpuPer1000).toFixed(2)}`;
  });
  return row([nameOf(one), ...cells, ...ratios]);
}

function cell(sent: Sent | undefined): string {
  if (!sent) return '–';
  return `${rounded(sent.perSecond)} · ${sent.cpuPer1000.toFixed(2)} · ${sent.peakMb.toFixed(0)}`;
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}
