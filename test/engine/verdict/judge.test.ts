import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fault } from '../../../src/engine/delivery/attemptEnd.ts';
import { ReplyReader } from '../../../src/engine/delivery/replyReader.ts';
import { isStaleConnection, judge } from '../../../src/engine/verdict/judge.ts';
import { waitAskedFor } from '../../../src/engine/verdict/waitAskedFor.ts';
import type { Effect, FaultCode, Outcome, Reply, Stage } from '../../../src/shared/outcome.ts';
import { type Aftermath, type Fate, replies } from '../../fixtures/replies.ts';

/** Through the reader that reads them from servers, so that the tables and the wire agree. */
function parse(text: string): Reply {
  const { replies: found, malformed } = new ReplyReader().push(Buffer.from(`${text.replace(/^(\d{3})-/, '$1 ')}\r\n`));
  assert.equal(malformed, '');
  assert.equal(found.length, 1);
  return found[0] as Reply;
}

function fate(outcome: Outcome): Fate | 'inDoubt' {
  switch (outcome.kind) {
    case 'delivered':
    case 'inDoubt':
      return outcome.kind;
    case 'rejected':
      return outcome.suppress ? 'suppress' : 'reject';
    case 'later':
      return outcome.free ? 'free' : 'later';
    case 'nextTransport':
      return `next/${outcome.otherwise ?? 'later'}`;
  }
}

function aftermath(effect: Effect): Aftermath {
  switch (effect.kind) {
    case 'none':
      return '-';
    case 'restDestination':
      return 'rest';
    case 'easeOff':
      return 'ease';
    case 'closeTransport':
      return effect.needsAction ? 'close!' : 'close';
    case 'pauseCampaign':
      return effect.after === undefined ? 'pause' : 'pause3';
  }
}

for (const [via, host, stage, reply, cause, scope, expectedFate, expectedAftermath] of replies) {
  test(`${via}, ${stage}: ${reply.slice(0, 90)}: ${cause}`, () => {
    const verdict = judge({ kind: 'reply', stage, reply: parse(reply) }, { transport: via, host });
    assert.deepEqual(
      [verdict.cause, verdict.scope, fate(verdict.outcome), aftermath(verdict.effect)],
      [cause, scope, expectedFate, expectedAftermath],
    );
  });
}

const stages: readonly Stage[] = ['greeting', 'ehlo', 'tls', 'auth', 'mail', 'rcpt', 'data', 'body', 'dot'];

test('whatever the words say: no 4xx is final, and no reply about us or the route suppresses an address', () => {
  for (const [via, host, , text] of replies) {
    for (const stage of stages) {
      for (const code of [421, 450, 451, 550, 554]) {
        const reply = { ...parse(text), code };
        const verdict = judge({ kind: 'reply', stage, reply }, { transport: via, host });
        if (code < 500) assert.notEqual(verdict.outcome.kind, 'rejected', `${stage} ${code} ${reply.text}`);
        if (verdict.outcome.kind === 'rejected' && verdict.outcome.suppress) assert.equal(verdict.scope, 'recipient');
        assert.notEqual(verdict.outcome.kind, 'inDoubt');
        assert.notEqual(verdict.outcome.kind, 'delivered');
      }
    }
  }
});

test('no reply causes an immediate retry: at least 30 seconds lie between two attempts', () => {
  for (const [via, host, , text] of replies) {
    for (const stage of stages) {
      for (const code of [421, 450, 452, 550]) {
        const { outcome } = judge({ kind: 'reply', stage, reply: { ...parse(text), code } }, { transport: via, host });
        if (outcome.kind === 'later') assert.ok((outcome.afterMs ?? 30_000) >= 30_000, `${stage} ${code} ${text}`);
      }
    }
  }
});

test('before a recipient was named, nothing is about the recipient', () => {
  for (const [via, host, , text] of replies) {
    for (const stage of ['greeting', 'ehlo', 'tls', 'auth', 'mail'] as const) {
      const verdict = judge({ kind: 'reply', stage, reply: parse(text) }, { transport: via, host });
      assert.notEqual(verdict.scope, 'recipient', `${stage} ${text}`);
    }
  }
});

test('a recipient refused for good is never passed to another transport', () => {
  for (const [via, host, stage, text, , scope] of replies) {
    if (scope !== 'recipient') continue;
    const { outcome } = judge({ kind: 'reply', stage, reply: parse(text) }, { transport: via, host });
    assert.notEqual(outcome.kind, 'nextTransport');
    if (outcome.kind === 'later') assert.equal(outcome.nextTransportAfterTries, undefined);
  }
});

test('the words of an enhanced code of another class do not count', () => {
  const verdict = judge(
    { kind: 'reply', stage: 'rcpt', reply: { code: 450, enhanced: '5.1.1', text: 'mailbox unavailable' } },
    { transport: 'direct', host: 'mx.example.net' },
  );
  assert.equal(verdict.outcome.kind, 'later');
});

const faults: readonly [FaultCode, Stage, 'relay' | 'direct', string, Fate | 'inDoubt', Aftermath][] = [
  ['noSuchDomain', 'resolve', 'direct', 'badDomain', 'reject', '-'],
  ['noSuchDomain', 'resolve', 'relay', 'dns', 'next/later', 'close'],
  ['noAddress', 'resolve', 'direct', 'badDomain', 'reject', '-'],
  ['nullMx', 'resolve', 'direct', 'nullMx', 'reject', '-'],
  ['mailLoop', 'resolve', 'direct', 'dns', 'next/rejected', '-'],
  ['dnsTemporary', 'resolve', 'direct', 'dns', 'later', '-'],
  ['dnsTemporary', 'resolve', 'relay', 'dns', 'next/later', 'close'],
  ['dnsOffline', 'resolve', 'direct', 'noNameServer', 'free', 'close'],
  ['resolverDown', 'resolve', 'direct', 'noNameServer', 'free', 'close'],
  ['refused', 'connect', 'direct', 'connect', 'next/later', 'rest'],
  ['refused', 'connect', 'relay', 'connect', 'next/later', 'close'],
  ['unreachable', 'connect', 'direct', 'connect', 'next/later', 'rest'],
  ['portBlocked', 'connect', 'direct', 'portBlocked', 'next/later', 'close'],
  ['timeout', 'connect', 'direct', 'timeout', 'next/later', 'rest'],
  ['closed', 'greeting', 'direct', 'closed', 'next/later', 'rest'],
  ['timeout', 'rcpt', 'direct', 'timeout', 'later', '-'],
  ['closed', 'body', 'relay', 'closed', 'later', '-'],
  ['protocol', 'mail', 'direct', 'protocol', 'later', '-'],
  ['tlsHandshake', 'tls', 'direct', 'tlsFailed', 'next/later', 'rest'],
  ['tlsCertificate', 'tls', 'relay', 'tlsFailed', 'next/later', 'close!'],
  ['tlsUnavailable', 'tls', 'relay', 'tlsFailed', 'next/later', 'close!'],
  ['mtaSts', 'tls', 'direct', 'policyTls', 'later', 'rest'],
  ['dane', 'tls', 'direct', 'policyTls', 'later', 'rest'],
  ['authUnavailable', 'auth', 'relay', 'credentials', 'next/later', 'close!'],
  ['secretMissing', 'auth', 'relay', 'credentials', 'next/later', 'close!'],
  ['smtputf8', 'mail', 'direct', 'beyondAscii', 'next/rejected', '-'],
  ['badAddress', 'mail', 'direct', 'malformed', 'reject', '-'],
  ['tooLarge', 'mail', 'relay', 'tooLarge', 'next/rejected', 'pause3'],
  ['aborted', 'rcpt', 'direct', 'stopped', 'free', '-'],
  ['gateFailed', 'body', 'direct', 'stopped', 'free', '-'],
  ['closed', 'dot', 'direct', 'noReply', 'inDoubt', '-'],
  ['timeout', 'dot', 'relay', 'noReply', 'inDoubt', '-'],
  ['protocol', 'dot', 'relay', 'noReply', 'inDoubt', '-'],
];
for (const [code, stage, transport, cause, expectedFate, expectedAftermath] of faults) {
  test(`no reply, ${code} at ${stage}, ${transport}: ${cause}, ${expectedFate}`, () => {
    const verdict = judge(fault(stage, code, 'irgendein Wort des Systems'), { transport, host: 'mx.example.net' });
    assert.deepEqual(
      [verdict.cause, fate(verdict.outcome), aftermath(verdict.effect)],
      [cause, expectedFate, expectedAftermath],
    );
  });
}

// A pattern that backtracks without end would never come back from these.
test('a hostile reply comes to a verdict', { timeout: 30_000 }, () => {
  const seeds = [
    'user ',
    'mailbox ',
    'limit ',
    'your ip ',
    'spf not ',
    'a',
    'exceed',
    'block ',
    'listed ',
    'too many ',
  ];
  for (const seed of seeds) {
    const reply = { code: 550, enhanced: '', text: seed.repeat(2000 / seed.length) };
    for (const transport of ['relay', 'direct'] as const) {
      const verdict = judge({ kind: 'reply', stage: 'dot', reply }, { transport, host: 'mx00.gmx.net' });
      assert.notEqual(verdict.outcome.kind, 'delivered');
    }
  }
});

const waits: readonly [string, number | undefined][] = [
  ['try again in 300 seconds', 300_000],
  ['Try again in 5 minutes', 300_000],
  ['Please retry after 2 hours', 7_200_000],
  ['Greylisted, please try again in 10 s', 60_000],
  ['come back in 2000 minutes', 21_600_000],
  ['Greylisting in effect, please come back in 00:04:59', 299_000],
  ['delayed for 15 minutes', 900_000],
  ['please try again later', undefined],
  ['too many messages in 5 minutes', undefined],
  ['', undefined],
];
for (const [text, expected] of waits) {
  test(`after "${text}" the next attempt comes after ${expected ?? 'the usual wait'}`, () => {
    assert.equal(waitAskedFor(text), expected);
  });
}

test('only an attempt lost before its content is repeated over a fresh connection', () => {
  const rows: readonly [boolean, Parameters<typeof isStaleConnection>[0]][] = [
    [true, fault('mail', 'closed', '')],
    [true, fault('rcpt', 'closed', '')],
    [true, { kind: 'reply', stage: 'mail', reply: { code: 421, enhanced: '', text: 'idle too long' } }],
    [false, { kind: 'reply', stage: 'mail', reply: { code: 421, enhanced: '4.7.0', text: 'rate limit reached' } }],
    [
      false,
      { kind: 'reply', stage: 'mail', reply: { code: 421, enhanced: '4.4.5', text: 'Server busy, try again later' } },
    ],
    [
      true,
      {
        kind: 'reply',
        stage: 'mail',
        reply: { code: 421, enhanced: '4.2.1', text: 'message limit per connection reached, reconnect' },
      },
    ],
    [false, { kind: 'reply', stage: 'rcpt', reply: { code: 421, enhanced: '', text: 'slow down' } }],
    [false, fault('body', 'closed', '')],
    [false, fault('dot', 'closed', '')],
    [false, fault('mail', 'aborted', '')],
    [false, fault('mail', 'tooLarge', '')],
    [false, fault('connect', 'refused', '')],
  ];
  for (const [expected, end] of rows) assert.equal(isStaleConnection(end), expected, JSON.stringify(end));
});
