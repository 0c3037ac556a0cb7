import { type AttemptEnd, type FaultCode, type Reply, replyText, type Stage } from '../../shared/outcome.ts';

export function fault(stage: Stage, code: FaultCode, detail: string): AttemptEnd & { kind: 'fault' } {
  return { kind: 'fault', stage, code, detail };
}

export function replied(stage: Stage, reply: Reply): AttemptEnd & { kind: 'reply' } {
  const { code, enhanced, text } = reply;
  return { kind: 'reply', stage, reply: { code, enhanced, text } };
}

/** Carries an attempt's end up to the function that returns it. Never thrown outside `engine/delivery`. */
export class Ended extends Error {
  readonly end: AttemptEnd;

  constructor(end: AttemptEnd) {
    super(end.kind === 'fault' ? end.detail : replyText(end.reply));
    this.name = 'Ended';
    this.end = end;
  }
}

/** Maps a socket's error code to a fault code. The platform's message is kept for display and never parsed. */
export function faultOfSocketError(error: unknown): FaultCode {
  switch ((error as { code?: unknown } | null)?.code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ETIMEDOUT':
      return 'timeout';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
    case 'EHOSTDOWN':
    case 'EADDRNOTAVAIL':
    case 'EACCES':
    case 'EPERM':
    case 'EINVAL':
      return 'unreachable';
    default:
      return 'closed';
  }
}

export function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Which of several failures is the most informative: the furthest stage wins; at the same stage a temporary one wins. */
export function informativeness(end: AttemptEnd): number {
  if (end.kind === 'reply') return 5;
  switch (end.stage) {
    case 'resolve':
      return end.code === 'noAddress' ? 0 : end.code === 'mailLoop' ? 1 : 2;
    case 'connect':
      return 3;
    default:
      return 4;
  }
}
