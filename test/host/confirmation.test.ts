import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EditorNotes, editorNotes, modalOf } from '../../src/host/sending/confirmation.ts';
import { type BeforeLine, beforeYouSend } from '../../src/letter/plan/beforeYouSend.ts';
import { confirmationOf, type SendPlan } from '../../src/letter/plan/confirmation.ts';
import { nearestName } from '../../src/letter/plan/nearestName.ts';
import { defaultServer } from '../../src/shared/defaultSettings.ts';
import { msg } from '../../src/shared/errors.ts';
import { plainWords } from '../../src/shared/words.ts';
import { someForesight } from '../support/someForesight.ts';

const plan: SendPlan = {
  document: 'spring/letter.md',
  list: 'lists/members.csv',
  recipients: 1204,
  leftOut: null,
  from: { name: '', address: 'ada@example.org' },
  subject: 'Spring news',
  subjectFor: '',
  settings: {
    route: ['office'],
    domainRoutes: {},
    servers: { office: { ...defaultServer, host: 'smtp.example.org' } },
    sendingHours: null,
  },
  foresight: someForesight(),
  host: 'laptop',
  startAt: 0,
};
const nothing: EditorNotes = { warnings: 0, unsaved: false, tested: true, dependsOnWindow: false };

const modal = (notes: Partial<EditorNotes> = {}, different: Partial<SendPlan> = {}) =>
  modalOf(confirmationOf({ ...plan, ...different }, 0, plainWords), editorNotes({ ...nothing, ...notes }), plainWords);

test('the modal names letter and list, a line each', () => {
  const { question, detail, button } = modal();
  assert.equal(question, 'Send to 1,204 recipients?');
  assert.equal(button, 'Send to 1,204 Recipients');
  assert.equal(
    detail,
    [
      'Letter: “Spring news”, from spring/letter.md',
      'To: 1,204 recipients from lists/members.csv',
      'From: ada@example.org',
      'Via: office (smtp.example.org), from laptop',
      'Duration: about 1 min 30 s: all via office',
    ].join('\n'),
  );
});

test('it never exceeds six lines, and reasons to hesitate come last', () => {
  const all = { warnings: 2, unsaved: true, tested: false, dependsOnWindow: true };
  const { detail } = modal(all, { leftOut: msg('3 unsubscribed, 2 duplicates') });
  const lines = detail.split('\n');
  assert.equal(lines.length, 6);
  assert.match(lines[1] ?? '', /members\.csv; left out: 3 unsubscribed, 2 duplicates$/);
  assert.match(lines[5] ?? '', /^⚠ The document has unsaved changes.*And 3 more things to check\.$/);
});

test('the page says everything, with links, and nothing in it becomes markup', () => {
  const evil = '[x](command:evil) ![y](http://evil.example/p.png) <img src=x> | `z` **b**';
  const lines: BeforeLine[] = [
    { section: 'look', level: 'warning', text: msg('{0}', evil) },
    { section: 'checks', level: 'info', text: msg('A hint'), place: { href: '/a/letter.md#L3', label: 'letter.md:3' } },
  ];
  const confirmation = confirmationOf({ ...plan, subject: evil }, 0, plainWords);
  const html = beforeYouSend(confirmation, lines, plainWords, (href) => `go:${href}`, [
    { label: 'Send <b>', href: 'command:x?"y"' },
  ]);
  assert.match(html, /^<h1>Before You Send<\/h1><p class="question">Send to 1,204 recipients\?<\/p>/);
  assert.match(html, /A hint <span class="place"><a href="go:\/a\/letter\.md#L3">letter\.md:3<\/a>/);
  const names = new Set([...html.matchAll(/<(\w+)/g)].map(([, name]) => name));
  assert.deepEqual(
    [...names].sort(),
    ['a', 'h1', 'h2', 'li', 'p', 'section', 'span', 'table', 'tbody', 'td', 'th', 'tr', 'ul'],
    'no element that a letter brought',
  );
  assert.deepEqual(
    [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href),
    ['go:/a/letter.md#L3', 'command:x?&quot;y&quot;'],
  );
  assert.equal(html.match(/<tr>/g)?.length, 5, 'a row for each line');
});

test('a list whose name is clearly closer is suggested, and no other', () => {
  const names = ['members.csv', 'spring-members.csv', 'recipients.csv', 'press.csv'];
  assert.equal(nearestName('press-release.md', 'members.csv', names), 'press.csv');
  assert.equal(nearestName('spring-members.md', 'members.csv', names), 'spring-members.csv');
  assert.equal(nearestName('newsletter.md', 'recipients.csv', names), undefined);
  assert.equal(nearestName('press.md', 'press.csv', names), undefined);
});
