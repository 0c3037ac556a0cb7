/**
 * Attempts that may have been committed after a time, and intents: what windows and quotas count. Attempts are stored in order
 * of their ends, none of which is before its commit, and one in 256 is in an index by time, which tells where to begin.
 */
export const ATTEMPTS_SINCE = `
  SELECT quota_key, committed_at FROM attempts WHERE id >= -256 + coalesce(
    (SELECT min(id) FROM attempts WHERE id % 256 = 0 AND ended_at > ?), (SELECT max(id) FROM attempts), 0)
  UNION ALL SELECT quota_key, committed_at FROM intents`;
