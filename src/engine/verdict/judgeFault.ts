import type { Cause, Effect, FaultCode, Outcome, Scope, Stage, Verdict } from '../../shared/outcome.ts';

const MINUTE = 60_000;

/** What a missing reply means. */
export function judgeFault(code: FaultCode, stage: Stage, transport: 'relay' | 'direct'): Verdict {
  if (stage === 'dot') return verdict('remote', 'noReply', { kind: 'inDoubt' });
  const relay = transport === 'relay';
  const next: Outcome = { kind: 'nextTransport', otherwise: 'later' };
  const close = (forMs: number, needsAction = false): Effect => ({ kind: 'closeTransport', forMs, needsAction });
  /** Trouble on the way: a relay's affects everyone, a recipient's server only its own recipients. */
  const away: Effect = relay ? close(MINUTE) : { kind: 'restDestination', forMs: 5 * MINUTE };
  switch (code) {
    // DNS alone never marks an address for good: a resolver can be wrong, and a domain can come back.
    case 'noSuchDomain':
      return relay ? verdict('path', 'dns', next, close(MINUTE)) : verdict('recipient', 'badDomain', rejected(false));
    case 'noAddress':
      return relay ? verdict('path', 'dns', next, close(MINUTE)) : verdict('recipient', 'badDomain', rejected(false));
    case 'nullMx':
      return verdict('recipient', 'nullMx', rejected(false));
    case 'mailLoop':
      return verdict('path', 'dns', { kind: 'nextTransport', otherwise: 'rejected' });
    case 'dnsTemporary':
      return relay
        ? verdict('path', 'dns', next, close(MINUTE))
        : verdict('remote', 'dns', { kind: 'later', nextTransportAfterTries: 3 });
    case 'dnsOffline':
    case 'resolverDown':
      return verdict('path', 'noNameServer', { kind: 'later', afterMs: MINUTE, free: true }, close(MINUTE / 2));
    case 'refused':
    case 'unreachable':
      return verdict('path', 'connect', next, away);
    case 'portBlocked':
      return verdict('path', 'portBlocked', next, close(10 * MINUTE));
    case 'timeout':
    case 'closed':
    case 'protocol':
      if (beforeMail(stage)) return verdict('path', code, next, away);
      return verdict('remote', code, { kind: 'later', nextTransportAfterTries: 3 });
    case 'tlsHandshake':
      return verdict('path', 'tlsFailed', next, away);
    case 'tlsCertificate':
    case 'tlsUnavailable':
      return verdict('path', 'tlsFailed', next, relay ? close(30 * MINUTE, true) : away);
    case 'mtaSts':
    case 'dane':
      // The domain forbids an unverified connection, not the mail: it waits, and is never sent in the clear (RFC 8461 5.1).
      return verdict(
        'path',
        'policyTls',
        { kind: 'later', nextTransportAfterTries: 3 },
        { kind: 'restDestination', forMs: 30 * MINUTE },
      );
    case 'authUnavailable':
    case 'secretMissing':
      return verdict('account', 'credentials', next, close(30 * MINUTE, true));
    case 'smtputf8':
      return verdict('recipient', 'beyondAscii', { kind: 'nextTransport', otherwise: 'rejected' });
    case 'badAddress':
      return verdict('recipient', 'malformed', rejected(false));
    case 'tooLarge':
      return verdict(
        'message',
        'tooLarge',
        { kind: 'nextTransport', otherwise: 'rejected' },
        { kind: 'pauseCampaign', after: 3 },
      );
    case 'aborted':
    case 'gateFailed':
      return verdict('remote', 'stopped', { kind: 'later', afterMs: 0, free: true });
    default:
      return code satisfies never;
  }
}

function beforeMail(stage: Stage): boolean {
  return ['resolve', 'connect', 'greeting', 'ehlo', 'tls', 'auth'].includes(stage);
}

function rejected(suppress: boolean): Outcome {
  return { kind: 'rejected', suppress };
}

/** A fault says nothing about a reader; the two that do (no such domain, no valid address) come from outside its server. */
function verdict(scope: Scope, cause: Cause, outcome: Outcome, effect: Effect = { kind: 'none' }): Verdict {
  return { scope, cause, outcome, effect, sure: scope !== 'recipient' };
}
