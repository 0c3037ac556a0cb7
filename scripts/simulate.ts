// `npm run simulate`: campaigns with random networks, clocks, crashes and disks, for as long as told.
//   npm run simulate -- --minutes 480   all night, from a seed of its own
//   npm run simulate -- --from 1 --count 10000
//   npm run simulate -- --seed 4711     one again, with all that was seen
import { parseArgs } from 'node:util';
import { fateOf } from '../test/simulation/fate.ts';
import { live } from '../test/simulation/lives.ts';
import { brokenPromises } from '../test/simulation/promises.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    from: { type: 'string' },
    count: { type: 'string', default: 'Infinity' },
    seed: { type: 'string' },
  },
});

async function main(): Promise<void> {
  if (values.seed !== undefined) {
    const fate = fateOf(Number(values.seed));
    const course = await live(fate);
    console.dir({ ...fate, random: undefined }, { depth: 6, maxArrayLength: 100 });
    console.dir(course, { depth: 6, maxArrayLength: 400 });
    for (const text of brokenPromises(fate, course)) console.log(text);
    return;
  }
  const until = Date.now() + Number(values.minutes) * 60_000;
  const from = values.from === undefined ? Date.now() % 1_000_000_000 : Number(values.from);
  let failed = 0;
  let done = 0;
  for (; done < Number(values.count) && Date.now() < until; done++) {
    const fate = fateOf(from + done);
    const broken = await live(fate).then(
      (course) => brokenPromises(fate, course),
      (error: unknown) => [String(error)],
    );
    if (broken.length === 0) continue;
    failed++;
    console.log(`seed ${fate.seed}: ${broken.slice(0, 3).join('; ')}`);
  }
  console.log(`${done} campaigns from seed ${from}: ${failed} broke a promise`);
  if (failed > 0) process.exitCode = 1;
}

await main();
