import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ONLY_POSTFIX } from './internet/campaign.ts';
import { FARM } from './internet/farm.ts';
import { DOMAINS, KNOWN, PER_DOMAIN, ROWS, UNKNOWN_PER_DOMAIN } from './internet/plan.ts';
import { sendOverMailInternet, table } from './mailInternet.ts';
import { whyNot } from './namespaces.ts';

const reason = await whyNot();

test('a thousand rows to Postfix, Exim and OpenSMTPD on ports 53 and 25, and through a farm of three Postfixes: nobody lost, nobody twice, nobody wrong', {
  skip: reason || false,
  timeout: 600_000,
}, async (t) => {
  const results = await sendOverMailInternet(join(import.meta.dirname, '../../dist/cli.cjs'));
  t.diagnostic(table(results));
  assert.equal(results.length, 5);
  for (const result of results.slice(0, 4)) {
    const about = `${result.name}\n${result.output}`;
    // The relay takes mail for anybody from those who have signed in, and keeps what is for its own domains.
    const strangers = result.strangers.filter(
      (address) => result !== results[3] || ONLY_POSTFIX.some((domain) => address.endsWith(`@${domain}`)),
    );
    assert.deepEqual([result.lost, result.twice, strangers], [[], [], []], about);
    assert.equal(
      result.domains.reduce((sum, { rows }) => sum + rows, 0),
      ROWS.length,
      about,
    );
    assert.equal(result.exitCode, 1, about);
    const total = (state: RegExp) =>
      result.domains.reduce(
        (sum, { states }) =>
          sum + Object.entries(states).reduce((all, [name, count]) => all + (state.test(name) ? count : 0), 0),
        0,
      );
    assert.equal(total(/inDoubt/), 0, about);
  }
  const [direct, spilled, blocked, whole, farm] = results;
  for (const { domain, states } of direct?.domains ?? []) {
    const known = KNOWN.filter((address) => address.endsWith(`@${domain}`)).length;
    const expected = known > 0 ? { 'sent direct': known, rejected: PER_DOMAIN - known } : { rejected: PER_DOMAIN };
    assert.deepEqual(states, expected, domain);
  }
  const sum = (of: typeof spilled, state: string) =>
    of?.domains.reduce((all, { states }) => all + (states[state] ?? 0), 0) ?? 0;
  assert.equal(sum(spilled, 'sent relay'), 300, 'the relay takes its quota, not one more');
  assert.ok(sum(spilled, 'sent direct') > 0);
  const island = blocked?.domains.find(({ domain }) => domain === 'island.example');
  assert.equal(island?.states['sent relay'], PER_DOMAIN, 'what cannot be reached goes over the backup');
  assert.equal(sum(blocked, 'sent relay'), PER_DOMAIN, 'and nothing else does');
  for (const domain of ONLY_POSTFIX) {
    const { states } = whole?.domains.find((each) => each.domain === domain) ?? {};
    const known = PER_DOMAIN - UNKNOWN_PER_DOMAIN;
    assert.deepEqual(states, { 'sent mx': known, rejected: UNKNOWN_PER_DOMAIN }, domain);
  }
  const bdat = `${JSON.stringify(whole?.byBdat)}, before that ${JSON.stringify(blocked?.byBdat)}`;
  assert.ok((whole?.byBdat.postfix ?? 0) > ONLY_POSTFIX.length * 40, `Postfix was sent by BDAT: ${bdat}`);
  assert.ok((whole?.byBdat.exim ?? 0) > (blocked?.byBdat.exim ?? 0) + 400, `Exim too: ${bdat}`);
  const about = `${farm?.name}\n${farm?.output}`;
  const shares = FARM.map((name) => sum(farm, `sent ${name}`));
  // What was in the air when it died may be in doubt: one message a connection, and a new connection each time it was tried.
  const doubts = sum(farm, 'inDoubt');
  assert.ok(doubts <= 4, about);
  assert.equal(shares.reduce((all, share) => all + share, 0) + doubts, ROWS.length, about);
  assert.ok(
    (shares[0] ?? 0) > 300 && (shares[2] ?? 0) > 300 && (shares[1] ?? 0) > 20 && (shares[1] ?? 0) < 300,
    `${shares}`,
  );
  assert.deepEqual([farm?.twice, farm?.strangers], [[], []], about);
  assert.ok((farm?.lost.length ?? 99) <= doubts, about);
  assert.equal(DOMAINS.length, 20);
  assert.ok(UNKNOWN_PER_DOMAIN > 0);
});
