import Papa from 'papaparse';
import type { EngineApi, ReportRow } from '../protocol/engineApi.ts';
import type { DeliveryState } from '../shared/campaign.ts';

const PAGE = 1000;
/** Also in front of several lines, where Papa's own expression looks away. */
const FORMULA = /^[=+\-@\t\r]/;

/** Of the one table of a report. Scripts read these names: they stay. */
const columns = {
  line: ({ line }) => line,
  address: ({ address }) => address,
  state: ({ state }) => state,
  cause: ({ cause }) => cause,
  code: ({ code }) => code || '',
  enhanced: ({ enhanced }) => enhanced,
  reply: ({ text }) => text,
  transport: ({ transport }) => transport,
  host: ({ host }) => host,
  attempts: ({ attempts }) => attempts,
  at: ({ at }) => (at > 0 ? new Date(at).toISOString() : ''),
  messageId: ({ messageId }) => messageId,
  token: ({ token }) => token,
} satisfies Record<string, (row: ReportRow) => string | number>;

type Engine = Pick<EngineApi, 'report'>;

/** Every recipient of a campaign, or those in these states, a page at a time. */
export async function* reportRows(
  engine: Engine,
  campaign: string,
  states?: readonly DeliveryState[],
): AsyncGenerator<readonly ReportRow[]> {
  for (let after = 0; ; ) {
    const page = await engine.report({ campaign, after, limit: PAGE, ...(states ? { states } : {}) });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}

/**
 * The report as RFC 4180, piece by piece. A cell that a spreadsheet would take for a formula has a quotation mark before it.
 * `onRows` is told how many rows a piece holds.
 */
export async function* reportCsv(
  engine: Engine,
  campaign: string,
  states?: readonly DeliveryState[],
  onRows?: (count: number) => void,
): AsyncGenerator<string> {
  yield `${Object.keys(columns).join(',')}\r\n`;
  for await (const page of reportRows(engine, campaign, states)) {
    const cells = page.map((row) => Object.values(columns).map((cell) => cell(row)));
    onRows?.(page.length);
    yield `${Papa.unparse(cells, { escapeFormulae: FORMULA, newline: '\r\n' })}\r\n`;
  }
}
