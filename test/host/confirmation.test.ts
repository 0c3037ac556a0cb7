import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EditorNotes, modalOf } from '../../src/host/sending/confirmation.ts';
import type { SendPlan } from '../../src/letter/plan/confirmation.ts';
import { defaultServer } from '../../src/shared/defaultSettings.ts';
import { plainWords } from '../../src/shared/words.ts';

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
    whenQuotaReached: 'next',
  },
  used: {},
  host: 'laptop',
  startAt: 0,
};
const nothing: EditorNotes = { warnings: 0, unsaved: false, tested: true, dependsOnWindow: false };

test('the modal names letter and list, a line each', () => {
  const { question, detail, button } = modalOf(plan, nothing, 0, plainWords);
  assert.equal(question, 'Send to 1,204 recipients?');
  assert.equal(button, 'Send to 1,204 Recipients');
  assert.equal(
    detail,
    [
      'Letter: “Spring news”, of spring/letter.md',
      'To: 1,204 recipients of lists/members.csv',
      'From: ada@example.org',
      'By: office (smtp.example.org), from laptop',
      'Takes: as long as the servers need; no limit is set',
    ].join('\n'),
  );
});

test('what should make one hesitate stands last', () => {
  const { detail } = modalOf(plan, { warnings: 2, unsaved: true, tested: false, dependsOnWindow: true }, 0, plainWords);
  const notes = detail.split('\n\n')[1]?.split('\n') ?? [];
  assert.equal(notes.length, 4);
  assert.match(notes.join(' '), /unsaved changes.*Warnings.*2.*not been sent as a test.*when this window closes/);
});
