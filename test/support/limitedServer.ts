import type { SmtpScript } from './smtpServer.ts';

export interface ServerLimits {
  connections?: number;
  perConnection?: number;
  /** Messages until it refuses, and how many refusals later it accepts as many again; no clock decides. */
  burst?: { count: number; refusals: number };
  /** Answers DATA behind a refused MAIL a little later, as Postfix does. */
  dawdles?: boolean;
}

/** What a small server with limits says. Its connections must be left with QUIT, or be closed by it. */
export function limitedScript({
  connections,
  perConnection,
  burst,
  dawdles,
}: ServerLimits): SmtpScript & { peak(): number } {
  const standing = new Set<number>();
  const carried = new Map<number, number>();
  let left = burst?.count ?? Number.POSITIVE_INFINITY;
  let refusals = 0;
  let peak = 0;
  let refused = false;
  return {
    peak: () => peak,
    steps: {
      greeting: (_line, _nth, connection) => {
        if (standing.size >= (connections ?? Number.POSITIVE_INFINITY))
          return { close: true, say: '421 4.7.0 too many connections' };
        standing.add(connection);
        peak = Math.max(peak, standing.size);
        return undefined;
      },
      QUIT: (_line, _nth, connection) => {
        standing.delete(connection);
        return undefined;
      },
      MAIL: (_line, _nth, connection) => {
        const count = carried.get(connection) ?? 0;
        refused = false;
        if (count >= (perConnection ?? Number.POSITIVE_INFINITY)) {
          standing.delete(connection);
          return { close: true, say: '421 4.7.0 too many messages over this connection' };
        }
        if (left === 0 && ++refusals <= (burst?.refusals ?? 0)) {
          refused = true;
          return '450 4.7.1 too much mail from you';
        }
        if (left === 0) [left, refusals] = [burst?.count ?? 0, 0];
        left--;
        carried.set(connection, count + 1);
        return undefined;
      },
      DATA: () => (refused && dawdles ? { say: '503 5.5.1 need RCPT', afterMs: 600 } : undefined),
    },
  };
}
