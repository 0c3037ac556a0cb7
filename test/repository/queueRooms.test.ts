import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsOf, modules, text } from './sources.ts';

const QUEUE = 'src/engine/queue/';
const room = (path: string) => path.slice(QUEUE.length).split('/')[0] ?? '';
const files = modules().filter((path) => path.startsWith(QUEUE));
const arrows = new Set(
  files.flatMap((path) =>
    importsOf(path)
      .filter(({ relative, target }) => relative && target.startsWith(QUEUE) && room(target) !== room(path))
      .map(({ target }) => `${room(path)} → ${room(target)}`),
  ),
);

test('the queue has its four rooms, and nothing beside them', () => {
  assert.deepEqual([...new Set(files.map(room))].sort(), ['limits', 'policy', 'run', 'store']);
});

test('its rooms stand on three floors at most, with eight arrows at most between them, none of them upwards', () => {
  const below = (from: string) =>
    [...arrows].filter((a) => a.startsWith(`${from} `)).map((a) => a.split(' → ')[1] ?? '');
  const floor = (from: string, way: readonly string[] = []): number => {
    assert.ok(!way.includes(from), `a circle: ${[...way, from].join(' → ')}`);
    return 1 + Math.max(0, ...below(from).map((to) => floor(to, [...way, from])));
  };
  assert.ok(Math.max(...['run', 'store', 'limits', 'policy'].map((name) => floor(name))) <= 3, [...arrows].join(', '));
  assert.ok(arrows.size <= 8, [...arrows].join(', '));
});

test('no file of it only hands on what another one exports', () => {
  const barrels = files.filter((path) => /^export (?:\*|(?:type )?\{[^}]*\}) from /m.test(text(path)));
  assert.deepEqual(barrels, []);
});

test('the parts that hold the queue together stay readable in one go', () => {
  for (const path of ['src/engine/engine.ts', `${QUEUE}run/lane.ts`]) {
    const lines = text(path).split('\n').length - 1;
    assert.ok(lines < 250, `${path}: ${lines} lines`);
  }
});
