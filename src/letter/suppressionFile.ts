import Papa from 'papaparse';
import { readAddress } from '../compose/recipients/readAddress.ts';
import { type RowReadOptions, readRecipients } from '../compose/recipients/readRecipients.ts';
import type { Suppression } from '../protocol/engineApi.ts';
import type { LeftOut } from '../shared/leftOut.ts';
import type { RefusalReason, RefusedRow } from '../shared/recipient.ts';

type Reason = Suppression['reason'];
const reasons: readonly Reason[] = ['unsubscribed', 'bounced', 'complained', 'blocked'];

/** Who of a list must never be mailed again, as its own columns say. Who only has not confirmed may do so yet. */
const ofStatus: Partial<Record<RefusalReason, Reason>> = {
  unsubscribed: 'unsubscribed',
  complained: 'complained',
  bounced: 'bounced',
  cleaned: 'bounced',
  blocked: 'blocked',
};

const columns = ['entry', 'reason', 'note', 'at'] as const;

export const suppressionHeader = `${columns.join(',')}\r\n`;

/**
 * Whom the rows of a letter's lists say to have left for good, with their reasons; `note` says where it is known from.
 * Rows without a usable address, and those left out for another reason, say nothing.
 */
export function leftForGood(
  refused: readonly RefusedRow[],
  note: (row: RefusedRow) => string,
  now: number,
): Suppression[] {
  return refused.flatMap((row) => {
    const reason = ofStatus[row.reason];
    const read = readAddress(row.address);
    return reason && read.ok ? [{ entry: read.address, reason, note: note(row), at: now }] : [];
  });
}

/** How many rows of a list say so. */
export function countLeftForGood(counts: Partial<LeftOut>): number {
  return Object.keys(ofStatus).reduce((sum, reason) => sum + (counts[reason as RefusalReason] ?? 0), 0);
}

/** One line of a file of suppressions. */
export function suppressionLine({ entry, reason, note, at }: Suppression): string {
  return `${Papa.unparse([[entry, reason, note, new Date(at).toISOString()]], { escapeFormulae: true })}\r\n`;
}

/**
 * Reads what is to be suppressed: a file that was exported here, or a list. Of a list that says who left, those with
 * their reasons; of another, everybody for `reason`.
 */
export async function* readSuppressions(
  source: AsyncIterable<Uint8Array>,
  options: RowReadOptions & { reason: Reason; now: number; onUnusable?: (rows: number) => void },
): AsyncGenerator<Suppression[]> {
  const bytes: Uint8Array[] = [];
  for await (const chunk of source) bytes.push(chunk);
  const content = Buffer.concat(bytes);
  const own = ownFile(content.toString('utf8'), options.now);
  if (own) {
    yield own;
    return;
  }
  async function* again() {
    yield content;
  }
  const note = options.file.split(/[\\/]/).at(-1) ?? '';
  const made = (entry: string, reason: Reason): Suppression => ({ entry, reason, note, at: options.now });
  const said: Suppression[] = [];
  const others: Suppression[] = [];
  for await (const { rows, refused } of readRecipients(again(), options)) {
    for (const { address } of rows) others.push(made(address, options.reason));
    for (const { address, reason } of refused) {
      const known = ofStatus[reason];
      if (known) said.push(made(address, known));
      else if (reason === 'noAddress' || reason === 'invalidAddress' || reason === 'malformedRow')
        options.onUnusable?.(1);
    }
  }
  yield said.length > 0 ? said : others;
}

/** Null when it is not a file that was exported here. */
function ownFile(text: string, now: number): Suppression[] | null {
  if (!/^\ufeff?entry,reason\b/.test(text)) return null;
  const { data } = Papa.parse<Record<string, string>>(text.replace(/^\ufeff/, ''), {
    header: true,
    skipEmptyLines: true,
  });
  return data.flatMap(({ entry = '', reason, note = '', at = '' }) => {
    const known = reasons.find((one) => one === reason);
    const bare = entry.trim().replace(/^'/, '').toLowerCase();
    if (bare === '' || !known) return [];
    return [{ entry: bare, reason: known, note: note.replace(/^'/, ''), at: Date.parse(at) || now }];
  });
}
