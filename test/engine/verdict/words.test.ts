import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heardLimit } from '../../../src/engine/verdict/heardLimit.ts';
import { judge } from '../../../src/engine/verdict/judge.ts';
import { normalizeReply } from '../../../src/engine/verdict/normalizeReply.ts';
import type { HeardLimit } from '../../../src/shared/outcome.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const limits: readonly [string, HeardLimit][] = [
  ['Domain example.org has exceeded the max emails per hour (500/500 (100%)) allowed.', { count: 500, perMs: HOUR }],
  ['Messages to 500 recipients out of 500 allowed have been sent', { count: 500 }],
  [
    'User news has exceeded its 24-hour sending limit. Messages to 501 recipients out of 500 allowed have been sent. Relay quota will reset in 23.41 hours.',
    { count: 500, perMs: DAY },
  ],
  ['You have sent too many messages in the last hour', { perMs: HOUR }],
  ['Too many emails. You can only send 250 per day.', { count: 250, perMs: DAY }],
  ['Error: too many recipients from 192.0.2.1 in 60 s', { perMs: MINUTE }],
  ['recipient rate exceeded, 50 recipients in 10 minutes', { count: 50, perMs: 10 * MINUTE }],
  ['Sending limit exceeded: 1,440 messages in 24 hours', { count: 1440, perMs: DAY }],
  ['Limit of 10 000 messages per month reached', { count: 10_000, perMs: 30 * DAY }],
  ["Vous avez dépassé la limite d'envoi de 200 messages par heure", { count: 200, perMs: HOUR }],
  ['Sie haben das Versandlimit von 100 E-Mails pro Stunde überschritten', { count: 100, perMs: HOUR }],
  ['Tageslimit erreicht: maximal 500 Nachrichten pro Tag', { count: 500, perMs: DAY }],
  ['Ha superado el límite de 300 correos por día', { count: 300, perMs: DAY }],
  ['Email sending limit: 50/hour. Try again in 34 minutes', { count: 50, perMs: HOUR }],
  ['Sender rate overlimit - 102.1 / 1h / news@example.org', { perMs: HOUR }],
  ['Daily user sending limit exceeded', { perMs: DAY }],
  ['transmit rate limit', {}],
  ['quota exceeded', {}],
];
for (const [text, expected] of limits) {
  test(`found in "${text.slice(0, 70)}": ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(heardLimit(normalizeReply(text)), expected);
  });
}

const plain: readonly [string, string][] = [
  ['<spam.limit@blocked.example>: User unknown', 'anaddress : user unknown'],
  ['Boîte aux lettres pleine', 'boite aux lettres pleine'],
  ['BoÃ®te pleine', 'boite pleine'],
  ['Größe überschritten', 'grosse uberschritten'],
  ['blocked using zen.spamhaus.org', 'blocked using blocklist'],
  ['URL listed on dbl.spamhaus.org', 'url listed on linklist'],
  ['User unknown; see our blocklist policy at https://example.net/', 'user unknown;'],
  ['unknown.please check', 'unknown. please check'],
  ['mx.full.example.net says no', 'ahost says no'],
  ['Client host [192.0.2.1] rejected', 'client host ipaddress rejected'],
  ['from 2001:db8::1:2:3 refused', 'from ipaddress refused'],
  ['black-listed e-mail', 'black listed e mail'],
  ['SubmissionQuotaExceededException', 'submission quota exceeded exception'],
  ['It’s', "it's"],
];
for (const [text, expected] of plain) {
  test(`"${text}" is normalized to "${expected}"`, () => assert.equal(normalizeReply(text), expected));
}

test('quoted names are recognized, where they are known', () => {
  const names = { reader: 'ada@example.net', sender: 'news@example.org' };
  assert.equal(
    normalizeReply('<Ada@example.net> <news@example.org> x@y.example', names),
    'thereader thesender anaddress',
  );
  const end = (text: string) =>
    ({ kind: 'reply', stage: 'rcpt', reply: { code: 550, enhanced: '5.1.1', text } }) as const;
  const where = { transport: 'direct', host: 'mx.example.net', names } as const;
  assert.equal(judge(end('<news@example.org>: does not exist'), where).scope, 'identity');
  assert.deepEqual(judge(end('<ada@example.net>: does not exist'), where).outcome, {
    kind: 'rejected',
    suppress: true,
  });
});

test('a limit is part of the verdict, and the route pauses for its window', () => {
  const verdict = judge(
    {
      kind: 'reply',
      stage: 'rcpt',
      reply: {
        code: 550,
        enhanced: '',
        text: 'Domain example.org has exceeded the max emails per hour (500/500) allowed',
      },
    },
    { transport: 'relay', host: 'smtp.example.org' },
  );
  assert.deepEqual(verdict, {
    scope: 'account',
    cause: 'quota',
    outcome: { kind: 'nextTransport', otherwise: 'later' },
    effect: { kind: 'closeTransport', forMs: HOUR, needsAction: false },
    sure: true,
    limit: { count: 500, perMs: HOUR },
  });
});
