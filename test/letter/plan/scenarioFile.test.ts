import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { readScenario } from '../../../src/letter/plan/scenarioFile.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
import { UserError } from '../../../src/shared/errors.ts';
import { plainWords } from '../../../src/shared/words.ts';

const settings = { ...defaultSettings, servers: { office: { ...defaultServer, host: 'smtp.example.org' } } };
const read = (value: unknown) => readScenario(JSON.stringify(value, null, 1), 'day.json', settings);
const faults = (servers: object) =>
  read({ servers }).findings.map(({ text, place }) => `${place.line}: ${plainWords.say(text)}`);

test('the scenario in the guide is valid', async () => {
  for (const guide of ['plan.md', 'plan.fr.md']) {
    const text = await readFile(new URL(`../../../docs/${guide}`, import.meta.url), 'utf8');
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
    const { title, scenario, findings } = readScenario(example, 'day.json', settings);
    assert.deepEqual(findings, []);
    assert.notEqual(title, '');
    assert.deepEqual(scenario.behaviours.office, {
      ...{
        windows: [
          { count: 300, perMs: 3_600_000 },
          { count: 2000, perMs: 86_400_000 },
        ],
        maxConnections: 3,
      },
      ...{ maxMessagesPerConnection: 20, messageMs: 250 },
    });
    assert.deepEqual(scenario.behaviours.direct, { greylists: { share: 0.4, forMs: 900_000 }, unknown: 0.01 });
  }
});

for (const [what, servers, said] of [
  [
    'a server that the settings do not have',
    { offfice: {} },
    /^3: Unknown key in the scenario: servers\.offfice\. Did you mean office\?/,
  ],
  ['a key that is misspelt', { office: { limit: '5/hour' } }, /Did you mean limits\?/],
  [
    'a rate that is none',
    { office: { limits: ['5/week'] } },
    /^4: .*limits is \["5\/week"\]; expected a number per second/,
  ],
  ['a duration that is none', { office: { reply: 300 } }, /reply is 300; expected a duration/],
  ['a share above one', { direct: { unknown: 5 } }, /unknown is 5; expected a share from 0 to 1/],
  ['a refusal that accepts', { direct: { refuses: '250 fine' } }, /expected an SMTP reply/],
  ['a reply of two lines', { direct: { refuses: '550 a\r\n250 b' } }, /expected an SMTP reply/],
  ['a way to be down that is none', { direct: { down: { how: 'gone' } } }, /how is "gone"; expected one of/],
] as const)
  test(`a scenario file is refused with its error: ${what}`, () => assert.match(faults(servers).join('\n'), said));

test('invalid JSON is reported with its line', () => {
  assert.throws(
    () => readScenario('{\n "servers": {\n', 'day.json', settings),
    (error: unknown) => error instanceof UserError && error.place?.file === 'day.json' && (error.place.line ?? 0) > 1,
  );
});
