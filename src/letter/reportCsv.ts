import type { EngineApi, LeftOutRow } from '../protocol/engineApi.ts';
import type { DeliveryState } from '../shared/campaign.ts';
import type { Text } from '../shared/errors.ts';
import type { ReportRow } from '../shared/reportRow.ts';
import { csvText } from './csvText.ts';

const PAGE = 1000;

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
  list: ({ list }) => list,
} satisfies Record<string, (row: ReportRow) => string | number>;

/** The same columns of a row that got no message when the campaign was made. */
const leftOutColumns: Partial<Record<keyof typeof columns, (row: LeftOutRow, detail: string) => string | number>> = {
  line: ({ line }) => line,
  address: ({ address }) => address,
  state: () => 'leftOut',
  cause: ({ reason }) => reason,
  reply: (_, detail) => detail,
  list: ({ file }) => file,
};

type Engine = Pick<EngineApi, 'report' | 'leftOut'>;

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

/** Every row that got no message when the campaign was made, a page at a time. */
export async function* leftOutRows(engine: Engine, campaign: string): AsyncGenerator<readonly LeftOutRow[]> {
  for (let after = 0; ; ) {
    const page = await engine.leftOut({ campaign, after, limit: PAGE });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}

export interface CsvOptions {
  /** Only these; without, the rows that were left out follow. */
  states?: readonly DeliveryState[] | undefined;
  say: (text: Text) => string;
  /** Is told how many rows a piece holds. */
  onRows?: (count: number) => void;
}

/** The report as RFC 4180, piece by piece. A cell that a spreadsheet would take for a formula has a quotation mark before it. */
export async function* reportCsv(
  engine: Engine,
  campaign: string,
  { states, say, onRows }: CsvOptions,
): AsyncGenerator<string> {
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const written = (cells: (string | number)[][]) => {
    onRows?.(cells.length);
    return csvText(cells);
  };
  yield `${names.join(',')}\r\n`;
  for await (const page of reportRows(engine, campaign, states))
    yield written(page.map((row) => names.map((name) => columns[name](row))));
  if (states) return;
  for await (const page of leftOutRows(engine, campaign))
    yield written(page.map((row) => names.map((name) => leftOutColumns[name]?.(row, say(row.detail)) ?? '')));
}
