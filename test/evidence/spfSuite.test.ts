import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readSuite, runSuite } from './spfSuite.ts';

const own = new URL('../fixtures/spf/suite.yml', import.meta.url);

/** Whoever has the test suite of RFC 7208 names it here: `ENVOI_SPF_SUITE=rfc7208-tests.yml npm test -- spfSuite`. */
const given = process.env.ENVOI_SPF_SUITE;

for (const path of given ? [own, given] : [own]) {
  test(`SPF is evaluated as in the suite ${given === path ? given : 'of our own'}`, async () => {
    const { count, wrong } = await runSuite(readSuite(readFileSync(path, 'utf8')));
    assert.ok(count > 20, `${count} tests`);
    assert.deepEqual(wrong, []);
  });
}
