import type { Act } from '../../providers/replyRule.ts';
import {
  type Cause,
  type Effect,
  type HeardLimit,
  type Outcome,
  type Reply,
  replyClass,
  type Scope,
  type Stage,
  type Verdict,
} from '../../shared/outcome.ts';
import { waitAskedFor } from './waitAskedFor.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BUSY_WAIT_MS = MINUTE / 2;

type Transport = 'relay' | 'direct';

/** What a reply of this kind means for the delivery: a temporary one is never final; a relay's refusal affects all deliveries. */
export function consequences(
  act: Act,
  reply: Reply,
  transport: Transport,
  limit: HeardLimit | undefined,
): Pick<Verdict, 'outcome' | 'effect'> {
  const temporary = replyClass(reply) === 4;
  const asked = waitAskedFor(reply.text);
  switch (act.do) {
    case 'reject': {
      const effect: Effect = act.pauseAfter ? pause(act.pauseAfter) : { kind: 'none' };
      if (temporary) return { outcome: later(asked), effect };
      return { outcome: { kind: 'rejected', suppress: act.suppress ?? false }, effect };
    }
    case 'later': {
      const outcome: Outcome = {
        kind: 'later',
        ...defined('afterMs', (temporary ? asked : undefined) ?? act.afterMs),
        ...defined('maxTries', act.maxTries),
        ...defined('nextTransportAfterTries', act.nextAfter),
      };
      return { outcome, effect: rest(act.rest) };
    }
    case 'next': {
      if (act.close) {
        const forMs = (limit && (asked ?? closedFor(limit))) ?? act.close.forMs;
        // What only a person can fix is final in a 5xx; in a 4xx it may be the server's own trouble.
        const effect: Effect = temporary
          ? { kind: 'closeTransport', forMs: act.close.needsAction ? 5 * MINUTE : forMs, needsAction: false }
          : { kind: 'closeTransport', forMs, needsAction: act.close.needsAction };
        return { outcome: { kind: 'nextTransport', otherwise: 'later' }, effect };
      }
      // Our own account at a relay does not recover by retrying; everything else that is temporary may.
      if (temporary) return { outcome: { ...later(asked), nextTransportAfterTries: 2 }, effect: rest(act.rest) };
      return { outcome: { kind: 'nextTransport', otherwise: act.otherwise }, effect: rest(act.rest) };
    }
    case 'pause':
      // A relay says it of everybody. Of many servers asked directly one may be odd: it is set aside, the others continue.
      if (transport === 'direct') {
        const outcome: Outcome = temporary
          ? { ...later(asked), nextTransportAfterTries: 2 }
          : { kind: 'nextTransport', otherwise: 'later' };
        return { outcome, effect: pause(5) };
      }
      // Once the person has fixed it, the same message is worth another attempt.
      return { outcome: { ...later(undefined), free: true }, effect: pause(act.after ?? (temporary ? 3 : 1)) };
    default:
      return act satisfies never;
  }
}

/** A relay's reply before RCPT says nothing about a recipient: without a backup the delivery waits. */
export function deferIfEarly(outcome: Outcome, scope: Scope, stage: Stage, transport: Transport): Outcome {
  const early =
    transport === 'relay' && scope !== 'message' && ['greeting', 'ehlo', 'tls', 'auth', 'mail'].includes(stage);
  return early && outcome.kind === 'nextTransport' ? { ...outcome, otherwise: 'later' } : outcome;
}

export function judgeByStage(reply: Reply, stage: Stage, transport: Transport): Omit<Verdict, 'sure'> {
  const temporary = replyClass(reply) !== 5;
  const verdict = (scope: Scope, cause: Cause, outcome: Outcome, effect: Effect = { kind: 'none' }) => ({
    scope,
    cause,
    outcome,
    effect,
  });
  const next: Outcome = { kind: 'nextTransport', otherwise: 'later' };
  const asked = waitAskedFor(reply.text);
  const resting: Effect =
    transport === 'relay'
      ? { kind: 'closeTransport', forMs: MINUTE, needsAction: false }
      : { kind: 'restDestination', forMs: asked ?? 5 * MINUTE };
  switch (stage) {
    case 'resolve':
    case 'connect':
    case 'greeting':
    case 'ehlo':
    case 'tls':
      return verdict('path', temporary ? 'otherTemporary' : 'connect', next, resting);
    case 'auth':
      return verdict('account', 'credentials', next, {
        kind: 'closeTransport',
        forMs: temporary ? MINUTE : 30 * MINUTE,
        needsAction: !temporary,
      });
    case 'mail':
      return atMail(reply, transport);
    case 'rcpt':
    case 'data':
    case 'body':
    case 'dot':
      // 503 means that client and server disagree about the session, not that the recipient is wrong.
      if (temporary || reply.code === 503) {
        const outcome: Outcome = { ...later(recipientWait(reply, asked)), nextTransportAfterTries: 3 };
        return verdict('remote', 'otherTemporary', outcome, ease(reply));
      }
      return verdict(stage === 'rcpt' ? 'recipient' : 'remote', 'otherPermanent', {
        kind: 'rejected',
        suppress: false,
      });
    default:
      return stage satisfies never;
  }
}

/** A reply to MAIL is never about a reader: a permanent one is about the sender, a temporary one about the route. */
function atMail(reply: Reply, transport: Transport): Omit<Verdict, 'sure'> {
  const asked = waitAskedFor(reply.text);
  if (replyClass(reply) === 5) {
    const meant = consequences({ do: 'pause', after: 3 }, reply, transport, undefined);
    return { scope: 'identity', cause: 'otherPermanent', ...meant };
  }
  if (transport === 'direct') {
    const outcome: Outcome = { ...later(recipientWait(reply, asked)), nextTransportAfterTries: 3 };
    return { scope: 'remote', cause: 'otherTemporary', outcome, effect: ease(reply) };
  }
  return {
    scope: 'path',
    cause: 'otherTemporary',
    outcome: { kind: 'nextTransport', otherwise: 'later' },
    effect: { kind: 'closeTransport', forMs: asked ?? MINUTE, needsAction: false, after: 3 },
  };
}

/** How long a route is paused after its limit was reported: the limit's window, but a long one is probed sooner. */
function closedFor({ perMs }: HeardLimit): number | undefined {
  if (perMs === undefined) return undefined;
  return Math.min(Math.max(perMs, MINUTE), 4 * HOUR);
}

/** 421 closes the connection: the server is busy, neither dead nor full. */
function ease(reply: Reply): Effect {
  return reply.code === 421 ? { kind: 'easeOff' } : { kind: 'none' };
}

/** When a recipient may be retried; after a 421 soon, unless the server says when. */
function recipientWait(reply: Reply, asked: number | undefined): number | undefined {
  return asked ?? (reply.code === 421 ? BUSY_WAIT_MS : undefined);
}

function rest(wish: { forMs: number; connections?: number } | undefined): Effect {
  if (!wish) return { kind: 'none' };
  return { kind: 'restDestination', forMs: wish.forMs, ...defined('maxConnections', wish.connections) };
}

function pause(after: number): Effect {
  return after > 1 ? { kind: 'pauseCampaign', after } : { kind: 'pauseCampaign' };
}

function later(afterMs: number | undefined): Outcome & { kind: 'later' } {
  return { kind: 'later', ...defined('afterMs', afterMs) };
}

function defined<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
