import type { ProbedLimit } from '../../shared/serverProbe.ts';
import { type ProbeActions, type ProbeConnection, ProbeOver, type ProbeSteps } from './probeActions.ts';

/** Nobody needs more than these at one relay. */
export const MOST_CONNECTIONS = 20;
/** What finding a limit on new connections may cost. */
const MOST_TRIES = 60;
/** How long a server may take to notice that a connection was closed. */
const RELEASE_MS = 500;
/** The largest share of the time that they may take. */
const SHARE = 0.25;

/**
 * Opens connections one by one and holds them, without a message. A refusal may mean that the maximum is reached, or
 * that connections are opened too often: one is closed and opened again, which works only in the first case. Then the next one
 * must be refused again. Leaves one open.
 */
export function* countConnections(actions: ProbeActions, found: ProbedLimit): ProbeSteps<ProbeConnection> {
  const first = yield* actions.open();
  if (!first) throw new ProbeOver('unreachable');
  const held = [first];
  const until = actions.now + SHARE * actions.msLeft;
  let suspected = 0;
  found.seen = 1;
  for (let tries = 1; held.length < MOST_CONNECTIONS && tries < MOST_TRIES && actions.now < until; tries++) {
    const next = yield* actions.open();
    if (next) {
      held.push(next);
      found.seen = Math.max(found.seen, held.length);
      continue;
    }
    if (suspected === held.length) {
      found.limit = suspected;
      break;
    }
    const last = held.pop();
    if (last) yield* actions.close(last);
    yield* actions.wait(RELEASE_MS);
    const again = yield* actions.open();
    if (!again) break;
    held.push(again);
    suspected = held.length;
  }
  let line = held.shift();
  for (const each of held) yield* actions.close(each);
  // With a single one, it was closed to see.
  while (!line) {
    yield* actions.wait(4 * RELEASE_MS);
    line = (yield* actions.open()) ?? undefined;
  }
  return line;
}
