import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fateOf } from './fate.ts';
import { live } from './lives.ts';
import { brokenPromises } from './promises.ts';

/** A share of minutes on a quiet machine; `npm run simulate` goes on all night. */
const CAMPAIGNS = 600;
const AT_ONCE = 100;

describe('whatever befalls a campaign, nobody is lost, nobody gets it twice, and no promise is broken', () => {
  for (let from = 1; from <= CAMPAIGNS; from += AT_ONCE)
    it(`campaigns ${from} to ${from + AT_ONCE - 1}`, async () => {
      for (let seed = from; seed < from + AT_ONCE; seed++) {
        const fate = fateOf(seed);
        const broken = brokenPromises(fate, await live(fate));
        assert.deepEqual(broken, [], `seed ${seed}; again by: npm run simulate -- --seed ${seed}`);
      }
    });
});

describe('a failing campaign', () => {
  it('takes the same course when it is lived again', async () => {
    for (const seed of [3, 14, 15]) assert.deepEqual(await live(fateOf(seed)), await live(fateOf(seed)));
  });
});
