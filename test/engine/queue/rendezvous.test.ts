import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { routeOf } from '../../../src/engine/queue/policy/rendezvous.ts';

const readers = Array.from({ length: 3000 }, (_, n) => `reader${n}@d${n % 7}.example`);
const farm = ['mta1', 'mta2', 'mta3'];

describe('parallel relays', () => {
  it('leave a plain route as it is', () =>
    assert.deepEqual(routeOf(['office', 'direct'], 'a@b.example'), ['office', 'direct']));

  it('share the recipients evenly, and what follows them stays after them', () => {
    const first = new Map(farm.map((name) => [name, 0]));
    for (const reader of readers) {
      const route = routeOf([farm, 'direct'], reader);
      assert.deepEqual([...route].slice(0, 3).sort(), farm);
      assert.equal(route[3], 'direct');
      first.set(route[0] ?? '', (first.get(route[0] ?? '') ?? 0) + 1);
    }
    for (const [name, count] of first) assert.ok(Math.abs(count - 1000) < 120, `${name}: ${count}`);
  });

  it('give a recipient the same order every time, whatever the order in the setting', () => {
    for (const reader of readers.slice(0, 200)) {
      assert.deepEqual(routeOf([farm], reader), routeOf([[...farm].reverse()], reader));
      assert.deepEqual(routeOf([farm], reader), routeOf([farm], reader.toUpperCase().toLowerCase()));
    }
  });

  it('spread the share of a removed one over all the others, and move nobody else', () => {
    const heirs = new Map<string, number>();
    for (const reader of readers) {
      const [before = '', next = ''] = routeOf([farm], reader);
      const [after = ''] = routeOf([farm.filter((name) => name !== 'mta2')], reader);
      assert.equal(after, before === 'mta2' ? next : before);
      if (before === 'mta2') heirs.set(after, (heirs.get(after) ?? 0) + 1);
    }
    for (const [name, count] of heirs) assert.ok(count > 400, `${name}: ${count}`);
  });
});
