import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CampaignEvent, type CampaignStanding, transition } from '../../../src/engine/queue/policy/transition.ts';
import type { CampaignState } from '../../../src/shared/campaign.ts';

const NOW = 1000;
const attention = { kind: 'diskFull', text: 'no space' } as const;
const events: Record<string, CampaignEvent> = {
  due: { kind: 'due' },
  pause: { kind: 'pause' },
  resume: { kind: 'resume', startAt: 0, now: NOW },
  resumeEarly: { kind: 'resume', startAt: NOW + 1, now: NOW },
  cancel: { kind: 'cancel', now: NOW, inDoubt: 2 },
  stop: { kind: 'stop', attention },
  finish: { kind: 'finish', now: NOW, inDoubt: 0 },
  requeue: { kind: 'requeue' },
  decide: { kind: 'decide', inDoubt: 0 },
};

/** Rows: the event; columns: the state it meets. A dash: nothing changes. */
const table: [event: string, ...(CampaignState[] | string[])][] = [
  //             scheduled      running        paused       needsAction  done       cancelled
  ['due', 'running', '-', '-', '-', '-', '-'],
  ['pause', 'paused', 'paused', 'paused', 'paused', '-', '-'],
  ['resume', '-', '-', 'running', 'running', '-', '-'],
  ['resumeEarly', '-', '-', 'scheduled', 'scheduled', '-', '-'],
  ['cancel', 'cancelled', 'cancelled', 'cancelled', 'cancelled', '-', '-'],
  ['stop', 'needsAction', 'needsAction', '-', '-', '-', '-'],
  ['finish', '-', 'done', '-', '-', '-', '-'],
  ['requeue', '-', '-', '-', '-', 'running', 'running'],
  ['decide', '-', '-', '-', '-', 'done', 'cancelled'],
];
const states: CampaignState[] = ['scheduled', 'running', 'paused', 'needsAction', 'done', 'cancelled'];

describe('a campaign', () => {
  for (const [name, ...expected] of table)
    for (const [nth, state] of states.entries())
      it(`${state} meets ${name}: ${expected[nth]}`, () => {
        const before: CampaignStanding = { state, attention: [], finishedAt: 7 };
        const event = events[name];
        assert.ok(event);
        assert.equal(transition(before, event)?.state ?? '-', expected[nth]);
      });

  it('says what was left in doubt when it has ended, and when that was', () => {
    const running: CampaignStanding = { state: 'running', attention: [attention], finishedAt: 0 };
    const cancelled = transition(running, { kind: 'cancel', now: NOW, inDoubt: 2 });
    assert.deepEqual(cancelled, { state: 'cancelled', attention: [{ kind: 'inDoubt', count: 2 }], finishedAt: NOW });
    assert.ok(cancelled);
    assert.deepEqual(transition(cancelled, { kind: 'decide', inDoubt: 0 }), { ...cancelled, attention: [] });
    assert.deepEqual(transition(cancelled, { kind: 'requeue' }), { state: 'running', attention: [], finishedAt: 0 });
  });

  it('says why it stopped until it continues', () => {
    const stopped = transition({ state: 'running', attention: [], finishedAt: 0 }, { kind: 'stop', attention });
    assert.deepEqual(stopped?.attention, [attention]);
    assert.ok(stopped);
    assert.deepEqual(transition(stopped, { kind: 'resume', startAt: 0, now: 1 })?.attention, []);
  });
});
