import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../../../src/compose/document/document.ts';
import { compileNewsletter } from '../../../src/compose/index.ts';
import { confirmationOf, type SendPlan } from '../../../src/letter/plan/confirmation.ts';
import { planOf } from '../../../src/letter/plan/planOf.ts';
import { routeText } from '../../../src/letter/plan/routeText.ts';
import { readList } from '../../../src/letter/readList.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
import { plainWords } from '../../../src/shared/words.ts';
import { someForesight } from '../../support/someForesight.ts';

const NOW = new Date(2026, 10, 23, 8).getTime();
const office = { ...defaultServer, host: 'smtp.example.org', windows: [{ count: 500, perMs: 3_600_000 }] };
const settings = { ...defaultSettings, servers: { office }, route: ['office', 'direct'] };

const plan: SendPlan = {
  document: 'spring/letter.md',
  list: 'lists/members.csv',
  recipients: 1204,
  leftOut: null,
  from: { name: 'Ada Byron', address: 'ada@example.org' },
  subject: 'Spring news',
  subjectFor: '',
  settings,
  foresight: someForesight(),
  host: 'laptop',
  startAt: 0,
};
const confirm = (different: Partial<SendPlan> = {}) => confirmationOf({ ...plan, ...different }, NOW, plainWords);

test('a plan says who, what, to whom, via which servers and how long, in six lines at most', async () => {
  const document = parseDocument(
    '---\nsubject: "{{ name }}, our news"\nfrom: Ada <ada@example.org>\n---\nHi\n',
    'letter.md',
  );
  const files = { read: () => Promise.reject(new Error('no files')) };
  const { newsletter } = await compileNewsletter({ document, settings, files });
  assert.ok(newsletter);
  async function* bytes() {
    yield Buffer.from('email,name\nada@example.org,Ada\nbob@example.org,Bob\nBOB@example.org,Bob\nno,\n');
  }
  const list = await readList([{ file: 'members.csv', open: bytes }], {});
  const foresight = someForesight({
    total: 2,
    waits: [{ transport: 'office', count: 1, perMs: 3_600_000 }],
  });
  const sending = { document: 'letter.md', list: 'members.csv', foresight, host: 'laptop', startAt: 0 };
  const { question, lines, button } = confirmationOf(
    await planOf({ list, settings }, newsletter, sending),
    NOW,
    plainWords,
  );
  assert.equal(question, 'Send to 2 recipients?');
  assert.equal(button, 'Send to 2 Recipients');
  assert.deepEqual(
    lines.map(({ label, text }) => `${label}: ${text}`),
    [
      'Letter: “Ada, our news” to ada@example.org, from letter.md',
      'To: 2 recipients from members.csv (UTF-8)',
      'Left out: 1 invalid address, 1 duplicate',
      'From: Ada <ada@example.org>',
      'Via: office (smtp.example.org, at most 500/hour); backup: directly to the recipients’ servers, from laptop',
      'Duration: about 1 min 30 s: all via office; office waits because of its limit of 1/hour',
    ],
  );
});

test('one recipient is not many', () => {
  const { question, button } = confirm({ recipients: 1 });
  assert.equal(question, 'Send to 1 recipient?');
  assert.equal(button, 'Send to 1 Recipient');
});

test('a later start names its time before the duration', () => {
  const { lines, button } = confirm({ startAt: new Date(2026, 10, 23, 18, 30).getTime() });
  const last = lines.at(-1);
  assert.deepEqual([last?.kind, last?.label, last?.text], ['when', 'When', '18:30; duration: about 1 min 30 s']);
  assert.equal(button, 'Schedule for 1,204 Recipients');
});

test('direct sending for lack of a server is mentioned, and so are sending hours', () => {
  const direct = { ...settings, route: ['direct'], servers: {} };
  assert.match(confirm({ settings: direct }).notes.join(), /No server is set up/);
  assert.deepEqual(confirm({ settings: { ...direct, servers: { office } } }).notes, []);
  const sendingHours = { days: [1], fromMinute: 480, toMinute: 1080, zone: 'UTC' };
  assert.match(confirm({ settings: { ...settings, sendingHours } }).notes.join(), /envoi\.sendingHours/);
});

test('separate routes of domains are named, and parallel servers', () => {
  const own = { ...settings, route: ['office'], domainRoutes: { 'gmail.com': ['direct'] } };
  assert.equal(
    plainWords.say(routeText(own)),
    'office (smtp.example.org, at most 500/hour); separate routes for gmail.com',
  );
  const home = { ...defaultServer, host: 'smtp.example.net' };
  const both = { ...settings, route: [['office', 'home']], servers: { office, home } };
  assert.equal(
    plainWords.say(routeText(both)),
    'office (smtp.example.org, at most 500/hour), home (smtp.example.net) in parallel',
  );
});
