import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countIn,
  deliveryGroups,
  deliveryStates,
  failedCount,
  openCount,
  settledCount,
} from '../../src/shared/campaign.ts';
import { campaign } from '../host/snapshots.ts';

test('each state is told of in exactly one group, so that the numbers of a page add up', () => {
  assert.deepEqual(Object.values(deliveryGroups).flat().toSorted(), [...deliveryStates].toSorted());
  const one = campaign({ counts: Object.fromEntries(deliveryStates.map((state, n) => [state, 2 ** n])) });
  const sums = Object.values(deliveryGroups).map((states) => countIn(one.counts, states));
  assert.equal(
    sums.reduce((sum, count) => sum + count, 0),
    2 ** deliveryStates.length - 1,
  );
  assert.equal(failedCount(one), one.counts.rejected + one.counts.expired);
  assert.equal(settledCount(one) + openCount(one), 2 ** deliveryStates.length - 1);
});
