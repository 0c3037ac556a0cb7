import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ServerProbe } from '../../src/shared/serverProbe.ts';
import { downloadPackages, inNamespaces, whyNot } from './namespaces.ts';
import { POSTFIXES, TESTER, UNIT_SECONDS } from './probe/limits.ts';

interface Result {
  name: string;
  code: number;
  probe?: ServerProbe;
  stderr: string;
}

const reason = await whyNot();

test('Postfix with limits of its own, tested at length, is found to have those: connections, rates, sizes', {
  skip: reason || false,
  timeout: 300_000,
}, async () => {
  const packages = await downloadPackages('postfix', ['postfix']);
  const folder = await mkdtemp(join(tmpdir(), 'envoi-probed-'));
  try {
    const { output } = await inNamespaces(join(import.meta.dirname, 'probe/inside.ts'), [folder, packages], 270);
    const log = join(folder, 'postfix/log/maillog');
    const about = `${output}\n${existsSync(log) ? (await readFile(log, 'utf8')).slice(-20_000) : ''}`;
    assert.ok(existsSync(join(folder, 'results.json')), about);
    const results = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Result[];
    let accepted = 0;
    for (const { name, found, rate, says, messages } of POSTFIXES) {
      const result = results.find((each) => each.name === name) ?? assert.fail(about);
      const said = `${JSON.stringify(result)}\n${about}`;
      const probe = result.probe ?? assert.fail(said);
      const seen = Object.fromEntries(Object.keys(found).map((key) => [key, probe[key as keyof ServerProbe]]));
      assert.deepEqual(seen, found, said);
      assert.equal(result.code, found.ended === 'refused' ? 1 : 0, said);
      assert.equal(probe.perConnection.limit, null, `Postfix has no such limit: ${said}`);
      assert.ok(probe.messages <= messages, said);
      assert.equal(probe.rate?.shape, rate === null ? undefined : 'window', said);
      if (probe.rate) {
        assert.equal(probe.rate.count, rate, said);
        assert.ok(Math.abs(probe.rate.perMs / 1_000 - UNIT_SECONDS) <= 0.25 * UNIT_SECONDS, said);
      }
      assert.match(probe.text, says ?? /^(?:|421 4\.7\.0 .* too many connections .*|450 4\.7\.1 .*)$/, said);
      accepted += probe.messages;
    }
    const delivered = [...(await readFile(log, 'utf8')).matchAll(/ to=<([^>]*)>.* status=(\w+)/g)];
    assert.equal(delivered.length, accepted, about);
    for (const [line, to, status] of delivered) assert.deepEqual([to, status], [TESTER, 'sent'], line);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
