import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmationOf, routeWords, type SendPlan } from '../../src/host/sending/confirmation.ts';
import { shortestMs } from '../../src/letter/plan/shortestTime.ts';
import { defaultServer } from '../../src/shared/defaultSettings.ts';
import { format } from '../../src/shared/errors.ts';

const HOUR = 3_600_000;
const office = { ...defaultServer, host: 'smtp.example.org', windows: [{ count: 500, perMs: HOUR }] };
const plan: SendPlan = {
  recipients: 1204,
  document: 'spring/letter.md',
  list: 'lists/members.csv',
  from: 'Ada Byron <ada@example.org>',
  subject: 'Spring news',
  subjectFor: '',
  settings: { route: ['office', 'direct'], domainRoutes: {}, servers: { office }, sendingHours: null },
  refused: { invalidAddress: 2, malformedRow: 1, duplicate: 1, suppressed: 2 },
  host: 'laptop',
  startAt: 0,
  startText: '',
  warnings: 0,
  unsaved: false,
  tested: true,
  dependsOnWindow: false,
};
const confirm = (different: Partial<SendPlan> = {}) =>
  confirmationOf({ ...plan, ...different }, format, (value) => value.toLocaleString('en-US'));

test('the confirmation says which letter and list, how many, from whom, what, by which way, how long and who is left out', () => {
  const { question, detail, button } = confirm();
  assert.equal(question, 'Send to 1,204 recipients?');
  assert.equal(button, 'Send to 1,204 Recipients');
  assert.equal(
    detail,
    [
      'Document: spring/letter.md',
      'List: lists/members.csv',
      'Subject: Spring news',
      'From: Ada Byron <ada@example.org>',
      'By: office (smtp.example.org); backup: directly to the recipients’ servers',
      'Sent from: laptop',
      'Takes: about 2 h by the limits of office alone',
      'Left out: 3 invalid addresses, 1 duplicate, 2 suppressed addresses',
    ].join('\n'),
  );
});

test('one recipient is not many', () => {
  const { question, button } = confirm({ recipients: 1 });
  assert.equal(question, 'Send to 1 recipient?');
  assert.equal(button, 'Send to 1 Recipient');
});

test('what should make one hesitate stands last', () => {
  const { detail } = confirm({ unsaved: true, tested: false, warnings: 2, dependsOnWindow: true });
  const notes = detail.split('\n\n')[1]?.split('\n') ?? [];
  assert.equal(notes.length, 4);
  assert.match(notes.join(' '), /unsaved changes.*Warnings.*2.*not been sent as a test.*when this window closes/);
});

test('a later start names its time instead of the duration', () => {
  const { detail, button } = confirm({ startAt: 1, startText: 'Tue 09:00' });
  assert.match(detail, /When: Tue 09:00/);
  assert.doesNotMatch(detail, /Takes/);
  assert.equal(button, 'Schedule for 1,204 Recipients');
});

test('a subject that differs by reader says whose it is', () => {
  const { detail } = confirm({ subject: 'Ada, our news', subjectFor: 'ada@example.org' });
  assert.match(detail, /^Subject: Ada, our news \(for ada@example\.org\)$/m);
});

test('sending directly only because no server is set up is said', () => {
  const direct = { route: ['direct'], domainRoutes: {}, servers: {}, sendingHours: null };
  assert.match(confirm({ settings: direct }).detail, /No server is set up/);
  assert.doesNotMatch(confirm({ settings: { ...direct, servers: { office } } }).detail, /No server is set up/);
});

test('own routes of domains are told', () => {
  const words = routeWords({ ...plan.settings, route: ['office'], domainRoutes: { 'gmail.com': ['direct'] } }, format);
  assert.equal(words, 'office (smtp.example.org); own routes for gmail.com');
});

test('the shortest time is set by the tightest limit', () => {
  const servers = (server: Partial<typeof office>) => ({
    route: ['office'],
    servers: { office: { ...office, ...server } },
  });
  assert.equal(shortestMs(500, servers({})), null, 'a first hour’s worth goes at once');
  assert.equal(shortestMs(501, servers({})), HOUR);
  assert.equal(shortestMs(600, servers({ windows: [{ count: 10, perMs: 1000 }] })), 60_000);
  assert.equal(shortestMs(101, servers({ windows: [], pause: { every: 50, forMs: 30_000 } } as never)), 60_000);
  assert.equal(shortestMs(100, { route: ['direct'], servers: {} }), null);
});
