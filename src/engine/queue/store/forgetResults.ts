/**
 * Forgets what servers replied to the attempts of some deliveries; that there were attempts still counts against limits. An
 * attempt refers to the one before it, and the last one is in the delivery. `of`: the condition for the deliveries.
 */
export const forgetResults = (of: string) => `
  UPDATE attempts SET ended = NULL WHERE id IN (
    WITH RECURSIVE chain(id) AS (
      SELECT attempt FROM deliveries WHERE attempt > 0 AND ${of}
      UNION ALL SELECT attempts.before FROM chain JOIN attempts USING (id) WHERE attempts.before > 0)
    SELECT id FROM chain)`;
