import type { DeliveryState } from '../../../shared/campaign.ts';
import type { Outcome } from '../../../shared/outcome.ts';
import { nextTry, spread } from './schedule.ts';

export interface AttemptHistory {
  id: number;
  tries: number;
  /** How often it was tried before this attempt, counted or not. */
  asked: number;
  hop: number;
  /** Transports in its route. */
  hops: number;
  now: number;
  /** When it was first tried, or would have been if its transport had not been closed: `forMs` counts from then. */
  firstAt: number;
  forMs: number;
  /** The destination or transport is paused until then; retrying earlier is pointless. */
  notBefore: number;
}

export interface AttemptDecision {
  state: DeliveryState;
  tries: number;
  hop: number;
  nextAt: number;
}

/**
 * What becomes of a delivery after an attempt. A recipient's refusal is final and never retried via another transport; a fault
 * of the route moves it to the next transport, each once a round; a temporary one is retried later via the same;
 * if the reply to the final dot is missing, only a person decides.
 */
export function decide(standing: AttemptHistory, outcome: Outcome): AttemptDecision {
  const { tries, hop, hops } = standing;
  const final = (state: DeliveryState): AttemptDecision => ({ state, tries: tries + 1, hop, nextAt: 0 });
  const backup = hop < hops - 1;
  switch (outcome.kind) {
    case 'delivered':
      return final('sent');
    case 'rejected':
      return final('rejected');
    case 'inDoubt':
      return final('inDoubt');
    case 'nextTransport':
      if (backup) return { state: 'queued', tries, hop: hop + 1, nextAt: 0 };
      // Each has been tried once: the next round begins with the first.
      return outcome.otherwise === 'rejected' ? final('rejected') : later({ ...standing, hop: 0 }, tries + 1);
    case 'later': {
      const counted = outcome.free ? tries : tries + 1;
      if (outcome.maxTries !== undefined && counted >= outcome.maxTries) return final('rejected');
      const enough = outcome.nextTransportAfterTries;
      if (enough !== undefined && counted >= enough && backup)
        return { state: 'queued', tries: counted, hop: hop + 1, nextAt: 0 };
      return later(standing, counted, outcome.afterMs);
    }
    default:
      return outcome satisfies never;
  }
}

function later(standing: AttemptHistory, tries: number, afterMs?: number): AttemptDecision {
  const { id, asked, hop, now, firstAt, forMs, notBefore } = standing;
  const at = nextTry({ tries, asked: asked + 1, now, firstAt, forMs, afterMs, random: spread(id, tries) });
  if (at === 'expired') return { state: 'expired', tries, hop, nextAt: 0 };
  return { state: 'deferred', tries, hop, nextAt: Math.max(at, notBefore) };
}
