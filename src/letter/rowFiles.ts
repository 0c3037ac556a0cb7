import { createAttachmentPaths } from '../compose/attachmentPaths.ts';
import { HEAVY_MEGABYTES, onTheWire } from '../compose/compile/weight.ts';
import type { Files } from '../compose/files.ts';
import type { Newsletter } from '../compose/newsletter.ts';
import { type Finding, msg, type Place, UserError } from '../shared/errors.ts';
import type { Recipient } from '../shared/recipient.ts';

/** Files are named one by one up to here. */
const NAMED = 5;

interface RowFiles {
  newsletter: Newsletter;
  files: Files;
  /** How findings name the list in which a row stands. */
  fileOf: (row: { list?: number }) => string;
  rows: AsyncIterable<{ rows: readonly Recipient[] }>;
  /** Bytes of what is in every message. */
  weight: number;
}

/** Goes through the files that the rows name: what is not there, and the row whose message weighs most. */
export async function checkRowFiles({ newsletter, files, fileOf, rows, weight }: RowFiles): Promise<Finding[]> {
  const pathsOf = createAttachmentPaths(newsletter);
  if (!pathsOf) return [];
  const findings: Finding[] = [];
  const weights = new Map<string, number>();
  let heaviest: { row: Recipient | null; weight: number } = { row: null, weight: 0 };
  const placeOf = (row: Recipient): Place => ({ file: fileOf(row), line: row.line, column: 1 });
  const weigh = async (path: string, row: Recipient): Promise<number> => {
    const known = weights.get(path);
    if (known !== undefined) return known;
    let found = 0;
    try {
      found = onTheWire((await files.read(path)).length);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const outside = error.code === 'outside';
      const text = outside
        ? msg('The attachment {0} must be in the document’s folder or below it.', path)
        : msg('The file {0} does not exist.', path);
      if (findings.length < NAMED)
        findings.push({
          severity: 'error',
          code: outside ? 'attachmentOutside' : 'attachmentMissing',
          text,
          place: placeOf(row),
        });
    }
    weights.set(path, found);
    return found;
  };
  for await (const batch of rows)
    for (const row of batch.rows) {
      let sum = weight;
      for (const path of new Set(pathsIn(row))) sum += await weigh(path, row);
      if (sum > heaviest.weight) heaviest = { row, weight: sum };
    }
  const megabytes = Math.round(heaviest.weight / 1_000_000);
  if (heaviest.row && heaviest.weight / 1_000_000 >= HEAVY_MEGABYTES && weight / 1_000_000 < HEAVY_MEGABYTES)
    findings.push({
      severity: 'warning',
      code: 'messageHeavy',
      text: msg(
        'With its files, the message for this row is {0} MB, more than any other. Gmail accepts 25 MB, Microsoft often 20, many others 10: put large files on the web and link to them.',
        megabytes,
      ),
      place: placeOf(heaviest.row),
    });
  return findings;

  function pathsIn(row: Recipient): string[] {
    try {
      return pathsOf?.(row) ?? [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (findings.length < NAMED)
        findings.push({ severity: 'error', code: 'attachmentOutside', text: error.what, place: placeOf(row) });
      return [];
    }
  }
}
