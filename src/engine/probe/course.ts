import type { ProbedLimit, ProbeEnd, ServerProbe } from '../../shared/serverProbe.ts';
import { Carriers } from './carriers.ts';
import { countConnections } from './countConnections.ts';
import { measureRate, type RateFound, settleConnection } from './measureRate.ts';
import { type ProbeActions, ProbeOver, type ProbeSteps } from './probeActions.ts';

/** What an in-depth test found; where its messages arrived is determined later. */
export type ProbeFindings = Omit<ServerProbe, 'arrived'>;

/** Rates this close to the sending speed may look like a connection limit. */
const QUICK = 0.5;

/**
 * The course of an in-depth test as a pure state machine: it yields the next step, receives its result and time, and
 * returns its findings. Connections first, without a message; then messages until a refusal; then how soon more are
 * accepted. However it ends, the findings so far are the result. It never offers more than `budget.messages`.
 */
export function* probeCourse(actions: ProbeActions): ProbeSteps<ProbeFindings> {
  const connections: ProbedLimit = { limit: null, seen: 0 };
  const perConnection: ProbedLimit = { limit: null, seen: 0 };
  const found: RateFound = { refusedAfter: null, rate: null };
  let carriers: Carriers | null = null;
  let ended: ProbeEnd = 'complete';
  try {
    const line = yield* countConnections(actions, connections);
    actions.phase = 'messages';
    carriers = new Carriers(actions, line, perConnection, connections.limit === 1);
    yield* measureRate(actions, carriers, found);
    yield* settleConnection(actions, carriers, found);
  } catch (error) {
    if (!(error instanceof ProbeOver)) throw error;
    ended = error.why;
  }
  if (carriers?.hadToWait) found.rate = null;
  carriers?.conclude(isQuick(found, actions));
  const { beganAt, accepted, text } = actions;
  return {
    at: beganAt,
    ended,
    messages: accepted,
    tookMs: actions.now - beganAt,
    connections,
    perConnection,
    ...found,
    text,
  };
}

function isQuick({ rate }: RateFound, actions: ProbeActions): boolean {
  if (rate?.shape !== 'bucket') return false;
  return rate.count / rate.perMs > QUICK * actions.pace;
}
