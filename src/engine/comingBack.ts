import type { DatabaseSync } from 'node:sqlite';
import type { EngineApi } from '../protocol/engineApi.ts';
import type { EngineParts } from './engineParts.ts';
import { Leavers } from './leavers.ts';
import { Returns } from './returns.ts';

/** The engine's calls for what comes back; `onSuppressed` is told when somebody must not be mailed any more. */
export function comingBack(
  database: DatabaseSync,
  key: Uint8Array,
  { clock, judge }: EngineParts,
  onSuppressed: () => void,
): Pick<EngineApi, 'unsubscribe' | 'pullUnsubscribes' | 'readMailbox'> {
  const leavers = new Leavers(database, key, clock, onSuppressed);
  const returns = new Returns(database, key, { clock, judge, onSuppressed });
  return {
    unsubscribe: ({ tokens }) => leavers.unsubscribe(tokens),
    pullUnsubscribes: ({ url, secret }) => leavers.pull(url, secret),
    readMailbox: (request) => returns.read(request),
  };
}
