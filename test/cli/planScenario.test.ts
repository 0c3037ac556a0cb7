import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sandbox } from './sandbox.ts';

test('a custom scenario is rehearsed, and one with an error is refused with its line', async (context) => {
  const sandbox = await Sandbox.make();
  context.after(() => sandbox.remove());
  await sandbox.writeSettings(9);
  await sandbox.writeList(40);
  await sandbox.write(
    'day.json',
    JSON.stringify({ title: 'Half an hour off', servers: { office: { limits: '30/hour' } } }),
  );
  const { code, stdout, stderr } = await sandbox.run('plan letter.md --scenario day.json');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Rehearsal “file”: Half an hour off/);
  assert.match(stdout, /40 sent/);
  const { lines } = await sandbox.json('plan letter.md --scenario day.json');
  const [rehearsal] = lines.filter(({ event }) => event === 'rehearsal') as unknown as {
    startAt: number;
    endAt: number;
  }[];
  assert.ok(rehearsal && rehearsal.endAt - rehearsal.startAt >= 3_600_000, 'ten have to wait for the next hour');
  await sandbox.write('bad.json', '{\n  "servers": {\n    "office": { "limit": "30/hour" }\n  }\n}\n');
  const bad = await sandbox.run('plan letter.md --scenario bad.json');
  assert.notEqual(bad.code, 0);
  assert.match(
    bad.stderr,
    /bad\.json:3: error: Unknown key in the scenario: servers\.office\.limit\. Did you mean limits\?/,
  );
  const missing = await sandbox.run('plan letter.md --scenario none.json');
  assert.match(missing.stderr, /There is no file none\.json/);
});
