import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonReplies } from '../../src/engine/verdict/commonReplies.ts';
import { codeReplies } from '../../src/engine/verdict/rules/codes.ts';
import { lastReplies } from '../../src/engine/verdict/rules/message.ts';
import { allProviders } from '../../src/providers/all.ts';
import {
  oauthOf,
  providerIds,
  providerOfDomain,
  providerOfHost,
  providerOfReply,
  sendsFor,
  signsItself,
  submissionOf,
  submissions,
} from '../../src/providers/lookup.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { published, suppress } from '../../src/providers/replyRule.ts';
import { faultsOf, faultsOfSource } from '../../src/providers/validate.ts';
import { readSettings } from '../../src/shared/settingsReader.ts';

const today = new Date().toISOString().slice(0, 10);

test('the data of providers is sound, and each row of replies has its source and date', () => {
  assert.deepEqual(faultsOf(allProviders, today), []);
  for (const rule of [...commonReplies, ...codeReplies, ...lastReplies]) {
    assert.deepEqual(faultsOfSource(rule, today), [], `${rule.cause} ${rule.match?.source ?? rule.code?.source}`);
    if (rule.act.do === 'reject' && rule.act.suppress) assert.equal(rule.scope, 'recipient');
    if (rule.act.do === 'later') assert.ok((rule.act.afterMs ?? 30_000) >= 30_000);
  }
});

test('what is wrong in a provider is named', () => {
  const good: Provider = {
    id: 'x',
    label: 'X',
    hosts: ['.x.example'],
    domains: ['x.example'],
    submission: [],
    replies: [],
  };
  assert.deepEqual(faultsOf([good], today), []);
  const server = { id: 's', label: 'S', host: 'smtp.x.example', port: 465, security: 'tls', auth: 'password' } as const;
  const rows: readonly [Partial<Provider>, RegExp][] = [
    [{ id: 'a b' }, /an id is a word/],
    [{ hosts: [] }, /no host/],
    [{ hosts: ['x'] }, /no ending/],
    [{ domains: ['x y'] }, /no domain/],
    [{ kin: ['nobody'] }, /no provider "nobody"/],
    [{ signature: /x/g }, /remembers/],
    [{ inbound: { source: 'https://x.example', date: '2099-01' } }, /not come yet/],
    [{ inbound: { source: '', date: '2026-01' } }, /no source/],
    [{ inbound: { source: 'https://x.example', date: 'May' } }, /no date/],
    [{ submission: [{ ...server, port: 587 }] }, /do not fit/],
    [{ submission: [{ ...server, host: 'x' }] }, /no host/],
    [{ submission: [server, server] }, /"s" stands twice/],
    [
      { submission: [{ ...server, limits: { source: 'https://x.example', date: '2026-01', quota: ['many'] } }] },
      /"many" is no limit/,
    ],
    [
      {
        replies: published('https://x.example', '2026-01', [
          { match: /x/, cause: 'quota', scope: 'account', act: suppress },
        ]),
      },
      /suppresses a reader/,
    ],
    [
      {
        replies: published('https://x.example', '2026-01', [
          { match: /x/, cause: 'rateLimited', scope: 'path', act: { do: 'later', afterMs: 0 } },
        ]),
      },
      /within 30 seconds/,
    ],
    [
      {
        replies: published('https://x.example', '2026-01', [
          { cause: 'quota', scope: 'account', act: { do: 'reject' } },
        ]),
      },
      /fits everything/,
    ],
  ];
  for (const [change, fault] of rows) assert.match(faultsOf([{ ...good, ...change }], today).join('\n'), fault);
  assert.match(faultsOf([good, { ...good, id: 'y' }], today).join('\n'), /"\.x\.example" stands twice/);
});

test('the providers named in the docs are there, and every server makes a setting without a finding', () => {
  const wanted = [
    ...['orange', 'free', 'sfr', 'bouygues', 'laposte', 'ovh', 'gandi', 'infomaniak', 'ionos', 'scaleway', 'brevo'],
    ...[
      'mailjet',
      'mailgun',
      'postmark',
      'ses',
      'sendgrid',
      'proton',
      'fastmail',
      'zoho',
      'yahoo',
      'strato',
      'godaddy',
    ],
  ];
  assert.deepEqual(
    wanted.filter((id) => !providerIds.includes(id)),
    [],
  );
  for (const { id, host, port, security, auth, limits } of submissions) {
    const { maxConnections, rate, quota } = limits ?? {};
    const server = JSON.parse(
      JSON.stringify({ host, port, security, auth, user: 'ada@example.org', maxConnections, rate, quota }),
    );
    const where = { file: 'settings.json', baseDir: '/', providers: providerIds };
    assert.deepEqual(readSettings({ 'envoi.servers': { [id]: server } }, where).findings, [], id);
  }
});

test('a provider is known by its hosts, its domains and its way of speaking', () => {
  assert.equal(providerOfHost('hotmail-com.olc.protection.outlook.com')?.id, 'outlook');
  assert.equal(providerOfHost('example-org.mail.protection.outlook.com.')?.id, 'microsoft365');
  assert.equal(providerOfHost('SMTP.Gmail.com')?.id, 'google');
  assert.equal(providerOfHost('mx.example.net'), undefined);
  assert.equal(providerOfHost('notgoogle.com'), undefined);
  assert.equal(providerOfReply('smtp.example.org', 'rejected a1 - gsmtp')?.id, 'google');
  assert.equal(providerOfDomain('yahoo.co.jp')?.id, 'yahooJapan');
  assert.equal(providerOfDomain('yahoo.fr')?.id, 'yahoo');
  assert.equal(providerOfDomain('Free.fr')?.id, 'free');
  assert.equal(providerOfDomain('example.org'), undefined);
  assert.equal(submissionOf('SMTP.Office365.com')?.limits?.rate, '30/minute');
  assert.equal(submissionOf('smtp.example.org'), undefined);
});

test('only a provider’s own servers send for its mailboxes', () => {
  const rows: readonly [string, string, boolean][] = [
    ['gmail.com', 'smtp.gmail.com', true],
    ['gmail.com', 'smtp-relay.brevo.com', false],
    ['hotmail.fr', 'smtp.office365.com', true],
    ['orange.fr', 'smtp.free.fr', false],
    ['proton.me', '127.0.0.1', true],
    ['web.de', 'smtp.web.de', true],
  ];
  for (const [domain, host, expected] of rows) {
    const provider = providerOfDomain(domain);
    assert.equal(provider && sendsFor(provider, host), expected, `${domain} by ${host}`);
  }
});

test('Amazon SES signs by itself; Google and Microsoft have a sign-in', () => {
  assert.equal(signsItself('email-smtp.eu-west-1.amazonaws.com'), true);
  assert.equal(signsItself('smtp.gmail.com'), false);
  assert.deepEqual(
    ['smtp.gmail.com', 'smtp-mail.outlook.com', 'smtp.office365.com', 'smtp.example.org'].map(
      (host) => oauthOf(host)?.by,
    ),
    ['google', 'microsoft', 'microsoft', undefined],
  );
});
