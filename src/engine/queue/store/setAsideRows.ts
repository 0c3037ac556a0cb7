import type { DatabaseSync } from 'node:sqlite';
import type { SetAside } from '../../../shared/campaign.ts';
import { type Cause, replyText } from '../../../shared/outcome.ts';

/** Causes that concern sender or letter. */
const ABOUT_US: readonly Cause[] = [
  'senderNotAllowed',
  'authenticationFailed',
  'content',
  'virus',
  'malformed',
  'tooLarge',
];
const WITHOUT = `state IN ('deferred', 'rejected', 'expired')`;

/** Those of a slice without the letter for whom sender or letter was refused, `limit` at most. */
export function objectedTo(
  database: DatabaseSync,
  key: number,
  { from, to }: { from: number; to: number },
  limit: number,
): number[] {
  const causes = ABOUT_US.map((cause) => `'${cause}'`).join(', ');
  return database
    .prepare(
      `SELECT id FROM deliveries WHERE campaign = ? AND id >= ? AND id <= ? AND ${WITHOUT} AND cause IN (${causes}) LIMIT ?`,
    )
    .all(key, from, to, limit)
    .map(({ id }) => Number(id));
}

/** Which of these do not have the letter, and why. */
export function setAsideRows(database: DatabaseSync, key: number, ids: Iterable<number>): SetAside[] {
  const one = database.prepare(
    `SELECT address, cause, text, code, enhanced FROM deliveries WHERE campaign = ? AND id = ? AND ${WITHOUT} AND cause <> ''`,
  );
  return [...ids].flatMap((id) => {
    const row = one.get(key, id);
    if (!row) return [];
    const reply = { code: Number(row.code), enhanced: String(row.enhanced), text: String(row.text) };
    return [{ address: String(row.address), cause: String(row.cause) as Cause, text: replyText(reply) }];
  });
}
