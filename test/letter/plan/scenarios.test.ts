import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foresee } from '../../../src/engine/simulator/foresee.ts';
import { rehearsalLines } from '../../../src/letter/plan/rehearsalText.ts';
import { type ScenarioName, scenarioNames } from '../../../src/letter/plan/scenarioNames.ts';
import { scenarioOf } from '../../../src/letter/plan/scenarios.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
import type { Foresight } from '../../../src/shared/foresight.ts';
import { plainWords } from '../../../src/shared/words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 30, 9);
const gmail = { ...defaultServer, host: 'smtp.gmail.com', auth: 'none' as const };
const settings = { ...defaultSettings, servers: { office: gmail }, route: ['office', 'direct'] };
const list = { total: 600, domains: { 'gmail.com': 200, 'orange.fr': 100 }, others: 100 };

function rehearse(name: ScenarioName, different: Partial<typeof settings> = {}): Promise<Foresight> {
  const past = { pace: () => ({ connectMs: 200, messageMs: 50 }), makeMs: 1, commits: () => [] };
  const all = { ...settings, ...different };
  return foresee(
    { settings: all, list, startAt: 0, scenario: scenarioOf(name, all) },
    { now: NOW, past, world: { name: '', behaviours: {} }, measured: false },
  );
}
const sent = ({ by }: Foresight) => Object.fromEntries(by.map((way) => [way.transport, way.sent]));
const tookMs = ({ startAt, endAt }: Foresight) => endAt - startAt;

test('an ordinary day: a provider’s published limit is reached, the rest goes via the backup', async () => {
  const day = await rehearse('published');
  assert.equal(day.end, 'done');
  const { office = 0, direct = 0 } = sent(day);
  // Gmail takes 500 a day.
  assert.ok(office <= 500 && office > 450, `${office} by office`);
  assert.ok(direct > 80, `${direct} directly`);
  const lines = rehearsalLines(day, plainWords, NOW).map(plainWords.say);
  assert.match(lines[1] ?? '', /^\d+ sent, \d+ failed$/);
  assert.ok(
    lines.some((line) => /^No such mailbox: \d+, via /.test(line)),
    lines.join('\n'),
  );
});

test('the first server down for two hours: all goes directly at once', async () => {
  const seen = await rehearse('dead');
  assert.equal(seen.end, 'done');
  assert.ok((sent(seen).direct ?? 0) > 500, JSON.stringify(sent(seen)));
  assert.ok(tookMs(seen) < 2 * HOUR);
});

test('without a backup it waits for the server that is down', async () => {
  const seen = await rehearse('dead', { route: ['office'] });
  assert.deepEqual([seen.end, sent(seen)], ['done', { office: 600 }]);
  assert.ok(tookMs(seen) >= 2 * HOUR && tookMs(seen) < 4 * HOUR, `${tookMs(seen) / HOUR} h`);
});

test('port 25 blocked: what would go directly goes via the server', async () => {
  const seen = await rehearse('port25', { route: ['direct', 'office'] });
  assert.deepEqual([seen.end, sent(seen)], ['done', { office: 600 }]);
});

test('greylisting costs a quarter of an hour, and nobody is lost', async () => {
  const seen = await rehearse('greylisting', { route: ['direct'] });
  assert.equal(seen.end, 'done');
  assert.ok(tookMs(seen) > 15 * MINUTE && tookMs(seen) < 2 * HOUR, `${tookMs(seen) / MINUTE} min`);
  assert.ok(seen.counts.sent > 580);
});

test('every scenario ends in a known way', async () => {
  for (const name of scenarioNames) {
    const lines = rehearsalLines(await rehearse(name), plainWords, NOW).map(plainWords.say);
    assert.ok(lines.length >= 2 && lines.every((line) => !/\{\d\}|undefined|NaN/.test(line)), lines.join('\n'));
  }
});
