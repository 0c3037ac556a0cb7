import assert from 'node:assert/strict';
import { test } from 'node:test';
import { returnLines } from '../../src/shared/cameBackText.ts';
import type { CameBack } from '../../src/shared/campaign.ts';
import { format } from '../../src/shared/errors.ts';
import { wordsIn } from '../../src/shared/words.ts';

const GMAIL =
  'Gmail requires complaints below 0.1% and rejects mail from 0.3% on. It does not report individual readers; see its own rate in Postmaster Tools.';
const none: CameBack = { bounced: 0, left: 0, complained: 0, replied: 0 };

const rows: readonly [of: 'campaign' | 'all', sent: number, came: Partial<CameBack>, lines: string[]][] = [
  ['campaign', 1000, {}, []],
  ['campaign', 1000, { left: 3, replied: 2 }, ['came back later: 3 unsubscribed, 2 replied']],
  ['campaign', 1000, { bounced: 12 }, ['came back later: 12 bounced (bounces 1.2%, complaints 0%)']],
  [
    'campaign',
    4000,
    { bounced: 5, complained: 1 },
    ['came back later: 5 bounced, 1 complained (bounces 0.13%, complaints 0.03%)', GMAIL],
  ],
  ['all', 1000, { complained: 3 }, ['over all campaigns: 3 complained (bounces 0%, complaints 0.3%)', GMAIL]],
  ['campaign', 0, { complained: 1 }, ['came back later: 1 complained (bounces 0%, complaints 0%)', GMAIL]],
];
for (const [of, sent, came, lines] of rows)
  test(`of ${sent} sent (${of}), ${JSON.stringify(came)} reads ${lines[0] ?? 'nothing'}`, () => {
    const said = returnLines(of, { sent, cameBack: { ...none, ...came } }, wordsIn('en-GB'));
    assert.deepEqual(said.map(format), lines);
  });

test('shares are written as the language has them', () => {
  const [line] = returnLines('campaign', { sent: 4000, cameBack: { ...none, bounced: 5 } }, wordsIn('fr'));
  assert.match(format(line ?? assert.fail()), /0,13\s%/);
});
