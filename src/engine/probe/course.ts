import type { ProbedLimit, ProbeEnd, ServerProbe } from '../../shared/serverProbe.ts';
import { Carriers } from './carriers.ts';
import { countConnections } from './countConnections.ts';
import { measureRate, type RateFound, settleConnection } from './measureRate.ts';
import { type Course, Over, type Talk } from './talk.ts';

/** What an in-depth test found; where its messages arrived is seen later. */
export type Found = Omit<ServerProbe, 'arrived'>;

/** Rates this near to how fast one can send may look like the limit of a connection. */
const QUICK = 0.5;

/**
 * The course of an in-depth test as a pure state machine: it says what to do next, is told what came of it and when, and
 * returns what it found. Connections first, without a message; then messages until a refusal; then how soon more are
 * accepted. Whatever ends it, what was found by then is the result. It never asks about more than `budget.messages`.
 */
export function* probeCourse(talk: Talk): Course<Found> {
  const connections: ProbedLimit = { limit: null, seen: 0 };
  const perConnection: ProbedLimit = { limit: null, seen: 0 };
  const found: RateFound = { refusedAfter: null, rate: null };
  let carriers: Carriers | null = null;
  let ended: ProbeEnd = 'complete';
  try {
    const line = yield* countConnections(talk, connections);
    talk.phase = 'messages';
    carriers = new Carriers(talk, line, perConnection, connections.limit === 1);
    yield* measureRate(talk, carriers, found);
    yield* settleConnection(talk, carriers, found);
  } catch (error) {
    if (!(error instanceof Over)) throw error;
    ended = error.why;
  }
  if (carriers?.hadToWait) found.rate = null;
  carriers?.conclude(isQuick(found, talk));
  const { beganAt, accepted, text } = talk;
  return {
    at: beganAt,
    ended,
    messages: accepted,
    tookMs: talk.now - beganAt,
    connections,
    perConnection,
    ...found,
    text,
  };
}

function isQuick({ rate }: RateFound, talk: Talk): boolean {
  if (rate?.shape !== 'bucket') return false;
  return rate.count / rate.perMs > QUICK * talk.pace;
}
