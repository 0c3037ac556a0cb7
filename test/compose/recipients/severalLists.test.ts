import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryList } from '../../../src/compose/index.ts';
import { indexLists } from '../../../src/compose/recipients/indexRecipients.ts';
import { listShares } from '../../../src/letter/plan/listShares.ts';

const list = (file: string, addresses: readonly string[]) => ({
  file,
  list: memoryList(Buffer.from(`email\n${addresses.join('\n')}\n`)),
});
const at = (domain: string, from: number, count: number) =>
  Array.from({ length: count }, (_, n) => `r${from + n}@${domain}`);

test('the domains of several lists are those of all of them', async () => {
  const { profile } = await indexLists(
    [
      list('a.csv', [...at('gmail.com', 0, 3), ...at('one.example', 0, 1)]),
      list('b.csv', [...at('orange.fr', 0, 5), ...at('gmail.com', 10, 2), ...at('one.example', 1, 1)]),
    ],
    {},
  );
  assert.deepEqual(profile.domains, { 'gmail.com': 5, 'orange.fr': 5, 'one.example': 2 });
  assert.equal(profile.otherDomains, 0);
  const shares = listShares(profile);
  assert.equal(shares.total, 12);
  assert.deepEqual(shares.addresses?.slice(3, 6), ['r0@one.example', 'r0@orange.fr', 'r1@orange.fr']);
});

test('every address of a small list is known, none of a larger one', async () => {
  const small = await indexLists([list('a.csv', at('a.example', 0, 600)), list('b.csv', at('b.example', 0, 400))], {});
  assert.equal(listShares(small.profile).addresses?.length, 1000);
  const large = await indexLists([list('a.csv', at('a.example', 0, 600)), list('b.csv', at('b.example', 0, 401))], {});
  assert.equal(listShares(large.profile).addresses, undefined);
  const alone = await indexLists([list('a.csv', at('a.example', 0, 1001))], {});
  assert.equal(listShares(alone.profile).addresses, undefined);
});
