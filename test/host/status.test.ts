import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHOW_END_MS, statusOf } from '../../src/host/status/statusOf.ts';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { campaign } from './snapshots.ts';

const NOW = new Date(2026, 10, 23, 14, 0).getTime();
const AT = new Date(2026, 10, 23, 14, 5).getTime();

const rows: { name: string; campaigns: CampaignSnapshot[]; text: string | null; tone?: string }[] = [
  { name: 'nothing to tell hides it', campaigns: [], text: null },
  {
    name: 'what runs spins, with what is settled of the whole',
    campaigns: [campaign({ counts: { sent: 300, rejected: 10, suppressed: 2, queued: 892 } })],
    text: '$(sync~spin) 312/1,204',
  },
  {
    name: 'a quota wait shows its end and does not spin',
    campaigns: [
      campaign({ rate: 0, counts: { sent: 312 }, attention: [{ kind: 'quota', transport: 'a', until: AT }] }),
    ],
    text: '$(clock) 312/1,204 · 14:05',
  },
  {
    name: 'retries due later do not stop the spin while others are on the way',
    campaigns: [campaign({ counts: { sent: 3, sending: 2 }, rate: 0, attention: [{ kind: 'retry', until: AT }] })],
    text: '$(sync~spin) 3/1,204',
  },
  {
    name: 'the earliest of several waits counts',
    campaigns: [
      campaign({
        rate: 0,
        attention: [
          { kind: 'retry', until: AT + 60_000 },
          { kind: 'outsideHours', until: AT },
        ],
      }),
    ],
    text: '$(clock) 0/1,204 · 14:05',
  },
  {
    name: 'a wait that is over no longer names its time',
    campaigns: [campaign({ rate: 0, attention: [{ kind: 'quota', transport: 'a', until: NOW - 1 }] })],
    text: '$(clock) 0/1,204',
  },
  {
    name: 'paused',
    campaigns: [campaign({ state: 'paused', counts: { sent: 312 } })],
    text: '$(debug-pause) 312/1,204',
  },
  { name: 'scheduled', campaigns: [campaign({ state: 'scheduled', startAt: AT })], text: '$(clock) 14:05' },
  {
    name: 'what needs a person is a warning',
    campaigns: [campaign({ state: 'needsAction', counts: { sent: 5 } })],
    text: '$(warning) 5/1,204',
    tone: 'warning',
  },
  {
    name: 'an end with failures names them',
    campaigns: [campaign({ state: 'done', finishedAt: NOW, counts: { sent: 1195, rejected: 8, expired: 1 } })],
    text: '$(warning) 9 failed',
  },
  {
    name: 'an end without failures',
    campaigns: [campaign({ state: 'done', finishedAt: NOW, counts: { sent: 1204 } })],
    text: '$(check) 1,204 sent',
  },
  {
    name: 'an end leaves the bar after a while',
    campaigns: [campaign({ state: 'done', finishedAt: NOW - SHOW_END_MS, counts: { sent: 1204 } })],
    text: null,
  },
  {
    name: 'doubt stays until somebody decides',
    campaigns: [campaign({ state: 'done', finishedAt: NOW - 10 * SHOW_END_MS, counts: { sent: 1202, inDoubt: 2 } })],
    text: '$(question) 2 in doubt',
    tone: 'warning',
  },
  { name: 'a cancelled one is not told', campaigns: [campaign({ state: 'cancelled', finishedAt: NOW })], text: null },
  {
    name: 'of several the one that needs a person is shown, and how many more are open',
    campaigns: [campaign(), campaign({ id: 'c2', state: 'needsAction' }), campaign({ id: 'c3', state: 'paused' })],
    text: '$(warning) 0/1,204 +2',
    tone: 'warning',
  },
  {
    name: 'of two that run the newer is shown',
    campaigns: [campaign({ total: 10 }), campaign({ id: 'c2', total: 20, createdAt: 2000 })],
    text: '$(sync~spin) 0/20 +1',
  },
];

for (const { name, campaigns, text, tone } of rows) {
  test(`status bar: ${name}`, () => {
    const status = statusOf(campaigns, NOW);
    assert.equal(status?.text ?? null, text);
    assert.equal(status?.tone ?? 'none', tone ?? 'none');
    if (status) assert.match(status.label, /^Envoi .+\.$/, 'a screen reader hears a sentence');
  });
}
