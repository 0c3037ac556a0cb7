import { providerOfReply } from '../../providers/lookup.ts';
import { type ReplyRule, reject } from '../../providers/replyRule.ts';
import {
  type AttemptEnd,
  type FaultCode,
  type Reply,
  replyClass,
  type Scope,
  type Stage,
  type Verdict,
} from '../../shared/outcome.ts';
import { commonReplies } from './commonReplies.ts';
import { consequences, deferIfEarly, judgeByStage } from './consequences.ts';
import { heardLimit } from './heardLimit.ts';
import { judgeFault } from './judgeFault.ts';
import { type Names, normalizeReply } from './normalizeReply.ts';
import { ABOUT_US, CONTRADICTS, codeReplies } from './rules/codes.ts';
import { lastReplies } from './rules/message.ts';

/**
 * What an attempt's end means. In this order:
 * 1. A 2xx to the final dot, of whatever value, is acceptance. No reply after the dot is doubt, and nothing else is.
 * 2. The first digit of the basic code rules: no 4xx is ever final, whatever its words or its enhanced code say.
 * 3. The stage rules out what it cannot be about: before RCPT no reader, before MAIL no message, over direct no account.
 * 4. The words: first those of the provider that replied, then the common ones. They say what it is about, and then what to do.
 * 5. An enhanced code only where no words contradict it.
 * 6. What no rule knows is judged by its stage: greeting and sign-in are about the way, MAIL about the sender, and an
 * unknown 5xx ends this recipient without marking the address.
 */
export interface JudgeContext {
  transport: 'relay' | 'direct';
  /** The host that replied, or that was to be reached. */
  host: string;
  /** Addresses that may be quoted in the reply. */
  names?: Names;
}

export function judge(end: AttemptEnd, context: JudgeContext): Verdict {
  if (end.kind === 'fault') return judgeFault(end.code, end.stage, context.transport);
  const { reply, stage } = end;
  if (replyClass(reply) === 2 && stage === 'dot') {
    return {
      scope: 'remote',
      cause: 'delivered',
      outcome: { kind: 'delivered' },
      effect: { kind: 'none' },
      sure: true,
    };
  }
  const plain = normalizeReply(reply.text, context.names);
  const found = findRule(reply, plain, stage, context);
  if (!found) return { ...judgeByStage(reply, stage, context.transport), sure: false };
  const { rule, by } = found;
  const contradicted = (by === 'code' ? ABOUT_US : CONTRADICTS).test(plain);
  const doubtful = rule.unsure === true || (rule.scope === 'recipient' && marks(rule) && contradicted);
  const act = doubtful && rule.act.do === 'reject' && rule.act.suppress ? reject : rule.act;
  const limit = rule.scope === 'account' && rule.cause === 'quota' ? heardLimit(plain) : undefined;
  const meant = consequences(act, reply, context.transport, limit);
  return {
    scope: rule.scope,
    cause: rule.cause,
    outcome: deferIfEarly(meant.outcome, rule.scope, stage, context.transport),
    effect: meant.effect,
    sure: !doubtful,
    ...(limit ? { limit } : {}),
  };
}

/**
 * Whether an attempt over a reused connection should be repeated over a fresh one, at once and without being counted:
 * the server had closed the connection meanwhile, and the message had not begun.
 */
export function isStaleConnection(end: AttemptEnd): boolean {
  if (end.kind === 'reply') return end.stage === 'mail' && end.reply.code === 421 && !asksForLess(end);
  const lost: readonly FaultCode[] = ['closed', 'timeout', 'protocol'];
  return (end.stage === 'mail' || end.stage === 'rcpt' || end.stage === 'data') && lost.includes(end.code);
}

/** The reply says why: a limit, or that we are too fast. Asking again at once would make it worse. */
function asksForLess(end: AttemptEnd): boolean {
  const { effect } = judge(end, { transport: 'relay', host: '' });
  return (
    effect.kind === 'restDestination' ||
    effect.kind === 'easeOff' ||
    (effect.kind === 'closeTransport' && effect.after === undefined)
  );
}

/** The rule that judges a reply, and whether its words or only its code matched. */
export function findRule(
  reply: Reply,
  plain: string,
  stage: Stage,
  context: JudgeContext,
): { rule: ReplyRule; by: 'words' | 'code' } | undefined {
  const head = `${reply.code} ${reply.enhanced}`;
  const fits = (text: string) => (rule: ReplyRule) =>
    (rule.via === undefined || rule.via === context.transport) &&
    (rule.stages === undefined || rule.stages.includes(stage)) &&
    scopeFits(rule.scope, stage, context.transport) &&
    (rule.code === undefined || rule.code.test(head)) &&
    (rule.match === undefined || rule.match.test(text)) &&
    !rule.unless?.test(text);
  const own = providerOfReply(context.host, reply.text)?.replies ?? [];
  const words = own.filter((rule) => !marksByCode(rule)).find(fits(reply.text)) ?? commonReplies.find(fits(plain));
  if (words) return { rule: words, by: 'words' };
  const code = own.filter(marksByCode).find(fits(reply.text)) ?? codeReplies.find(fits(plain));
  if (code) return { rule: code, by: 'code' };
  const last = lastReplies.find(fits(plain));
  return last && { rule: last, by: 'words' };
}

function marks({ act }: ReplyRule): boolean {
  return act.do === 'reject' && act.suppress === true;
}

/** A provider's rule about readers that looks only at the code. */
function marksByCode(rule: ReplyRule): boolean {
  return rule.match === undefined && rule.scope === 'recipient';
}

/** What a reply can be about at the stage where it was given. */
export function scopeFits(scope: Scope, stage: Stage, transport: JudgeContext['transport']): boolean {
  switch (scope) {
    case 'recipient':
      return ['rcpt', 'data', 'body', 'dot'].includes(stage);
    case 'message':
    case 'identity':
      return ['mail', 'rcpt', 'data', 'body', 'dot'].includes(stage);
    case 'account':
      return transport === 'relay';
    case 'path':
    case 'remote':
      return true;
    default:
      return scope satisfies never;
  }
}
