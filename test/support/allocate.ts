import { getHeapSpaceStatistics } from 'node:v8';

/**
 * Makes new objects, more and more of which live on, and gives others their turn between. Resolves to how large the heap's space
 * for new objects became, in MB: more than a hundred where nothing limits it.
 */
export async function youngSpaceAfterMuch(): Promise<number> {
  let most = 0;
  let kept: unknown[] = [];
  for (let round = 0; round < 60; round++) {
    for (let n = 0; n < 40_000; n++)
      kept.push({ line: n, address: `reader${n}@lists.example`, fields: { n: String(n) } });
    if (kept.length > 200_000) kept = [];
    await new Promise((resolve) => setTimeout(resolve, 1));
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    most = Math.max(most, (young?.space_size ?? 0) / 2 ** 20);
  }
  return most;
}
