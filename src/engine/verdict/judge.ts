import { providerOfReply } from '../../providers/providers.ts';
import type {
  AttemptEnd,
  Cause,
  Effect,
  FaultCode,
  Outcome,
  Reply,
  Scope,
  Stage,
  Verdict,
} from '../../shared/outcome.ts';
import { replyClass } from '../../shared/outcome.ts';
import { commonReplies } from './commonReplies.ts';
import { judgeFault } from './judgeFault.ts';
import { providerReplies } from './providerReplies.ts';
import type { Act, ReplyRule } from './replyRule.ts';

/**
 * What an attempt's end means. In this order:
 * 1. A 2xx to the final dot, of whatever value, is acceptance. No reply after the dot is doubt, and nothing else is.
 * 2. The first digit of the basic code rules: no 4xx is ever final, whatever its words or its enhanced code say.
 * 3. The rules of the provider that said it, then everybody's; they name the scope first and then what to do.
 * 4. What no rule knows is judged by its stage: greeting and sign-in are about the way, MAIL about the sender, and an
 *    unknown 5xx ends this recipient without a mark on the address.
 */
export interface JudgeContext {
  transport: 'relay' | 'direct';
  /** The host that said it, or that was to be reached. */
  host: string;
}

export function judge(end: AttemptEnd, context: JudgeContext): Verdict {
  if (end.kind === 'fault') return judgeFault(end.code, end.stage, context.transport);
  const { reply, stage } = end;
  if (replyClass(reply) === 2 && stage === 'dot') {
    return { scope: 'remote', cause: 'delivered', outcome: { kind: 'delivered' }, effect: { kind: 'none' } };
  }
  const rule = findRule(reply, stage, context);
  if (!rule) return judgeByStage(reply, stage, context.transport);
  const { outcome, effect } = consequences(rule.act, reply);
  // What a relay says before it hears of a recipient is no answer about one.
  const early = context.transport === 'relay' && ['greeting', 'ehlo', 'tls'].includes(stage);
  const open: Outcome = early && outcome.kind === 'nextTransport' ? { ...outcome, otherwise: 'later' } : outcome;
  return { scope: rule.scope, cause: rule.cause, outcome: open, effect };
}

/**
 * Whether an attempt over a used connection should be made again over a fresh one, at once and without being counted:
 * the server had closed the connection meanwhile, and the message had not begun.
 */
export function isStaleConnection(end: AttemptEnd): boolean {
  if (end.kind === 'reply') return end.stage === 'mail' && end.reply.code === 421;
  const lost: readonly FaultCode[] = ['closed', 'timeout', 'protocol'];
  return (end.stage === 'mail' || end.stage === 'rcpt' || end.stage === 'data') && lost.includes(end.code);
}

function findRule(reply: Reply, stage: Stage, context: JudgeContext): ReplyRule | undefined {
  const line = `${reply.code} ${reply.enhanced === '' ? '' : `${reply.enhanced} `}${reply.text}`;
  const provider = providerOfReply(context.host, reply.text)?.id;
  const fits = (rule: ReplyRule) =>
    (rule.via === undefined || rule.via === context.transport) &&
    (rule.stages === undefined || rule.stages.includes(stage)) &&
    // Nothing is about the reader before the reader was named, nor where the words speak of somebody else.
    (rule.scope !== 'recipient' || (!beforeRecipient(stage) && !speaksOfUs(line))) &&
    (rule.who === 'any' || (provider !== undefined && [rule.who].flat().includes(provider))) &&
    rule.match.test(line);
  return (provider && providerReplies.find(fits)) || commonReplies.find(fits);
}

function beforeRecipient(stage: Stage): boolean {
  return ['resolve', 'connect', 'greeting', 'ehlo', 'tls', 'auth', 'mail'].includes(stage);
}

/** Words that no server has for a mailbox that does not exist, whatever code stands beside them. */
function speaksOfUs(line: string): boolean {
  return /too many (?:recipients|messages|e?mails)|blocked using|looks like spam|sender address/i.test(line);
}

function consequences(act: Act, reply: Reply): Pick<Verdict, 'outcome' | 'effect'> {
  const temporary = replyClass(reply) === 4;
  const asked = temporary ? waitAskedFor(reply.text) : undefined;
  switch (act.do) {
    case 'reject': {
      const effect: Effect = act.pauseAfter ? pause(act.pauseAfter) : { kind: 'none' };
      if (temporary) return { outcome: later(asked), effect };
      return { outcome: { kind: 'rejected', suppress: act.suppress ?? false }, effect };
    }
    case 'later': {
      const outcome: Outcome = {
        kind: 'later',
        ...defined('afterMs', asked ?? act.afterMs),
        ...defined('maxTries', act.maxTries),
        ...defined('nextTransportAfterTries', act.nextAfter),
        ...defined('free', act.free),
      };
      return { outcome, effect: rest(act.rest) };
    }
    case 'next': {
      const effect: Effect = act.close ? { kind: 'closeTransport', ...act.close } : rest(act.rest);
      // Our own account at a relay does not get better by asking; everything else that is temporary may.
      if (temporary && !act.close) return { outcome: { ...later(asked), nextTransportAfterTries: 2 }, effect };
      return { outcome: { kind: 'nextTransport', otherwise: temporary ? 'later' : act.otherwise }, effect };
    }
    case 'pause':
      // Once the person has mended it, the same message is worth another try.
      return {
        outcome: { ...later(undefined), free: true },
        effect: pause(temporary ? 3 : 1),
      };
    default:
      return unknownAct(act);
  }
}

function judgeByStage(reply: Reply, stage: Stage, transport: JudgeContext['transport']): Verdict {
  const temporary = replyClass(reply) !== 5;
  const verdict = (scope: Scope, cause: Cause, outcome: Outcome, effect: Effect = { kind: 'none' }): Verdict => ({
    scope,
    cause,
    outcome,
    effect,
  });
  const next: Outcome = { kind: 'nextTransport', otherwise: 'later' };
  const asked = waitAskedFor(reply.text);
  const resting: Effect =
    transport === 'relay'
      ? { kind: 'closeTransport', forMs: 60_000, needsAction: false }
      : { kind: 'restDestination', forMs: asked ?? 300_000 };
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
        forMs: temporary ? 60_000 : 1_800_000,
        needsAction: !temporary,
      });
    case 'mail':
      if (!temporary) return verdict('identity', 'otherPermanent', { ...later(undefined), free: true }, pause(3));
      return verdict('remote', 'otherTemporary', { ...later(asked), nextTransportAfterTries: 3 });
    case 'rcpt':
    case 'data':
    case 'body':
    case 'dot':
      // 503 means that one of us lost the thread, not that the recipient is wrong.
      if (temporary || reply.code === 503) {
        return verdict('remote', 'otherTemporary', { ...later(asked), nextTransportAfterTries: 3 }, hold(reply));
      }
      return verdict(stage === 'rcpt' ? 'recipient' : 'remote', 'otherPermanent', {
        kind: 'rejected',
        suppress: false,
      });
    default:
      return unknownStage(stage);
  }
}

/** 421 closes the connection: a short breath before the next one. */
function hold(reply: Reply): Effect {
  return reply.code === 421 ? { kind: 'restDestination', forMs: 30_000 } : { kind: 'none' };
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

/** "try again in 5 minutes": honoured from a minute to six hours. */
export function waitAskedFor(text: string): number | undefined {
  const asked =
    /(?:again|retry|wait|deferred|delay(?:ed)?|back|come back|available)\b.{0,20}?\b(?:in|after|for)?\s*(\d{1,6}) ?(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)\b/i.exec(
      text,
    ) ?? /\b(\d{1,2}):(\d{2}):(\d{2})\b/.exec(/gr[ae]y/i.test(text) ? text : '');
  if (!asked) return undefined;
  let ms: number;
  if (asked[3] !== undefined) ms = ((Number(asked[1]) * 60 + Number(asked[2])) * 60 + Number(asked[3])) * 1000;
  else ms = Number(asked[1]) * ({ s: 1_000, m: 60_000, h: 3_600_000 }[asked[2]?.[0]?.toLowerCase() ?? 's'] ?? 1_000);
  return Math.min(Math.max(ms, 60_000), 6 * 3_600_000);
}

function defined<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}

function unknownAct(act: never): never {
  throw new Error(`unknown act: ${JSON.stringify(act)}`);
}

function unknownStage(stage: never): never {
  throw new Error(`unknown stage: ${String(stage)}`);
}
