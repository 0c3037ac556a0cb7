import assert from 'node:assert/strict';
import { isBuiltin } from 'node:module';
import { test } from 'node:test';
import { biomeFences, fenceTable, TABLE } from '../../scripts/lib/fences.ts';
import { mayImport, roomOf } from '../../scripts/lib/rooms.ts';
import { importsOf, json, modules, text } from './sources.ts';

test('every module lives in a room', () => {
  assert.deepEqual(
    modules().filter((path) => !roomOf(path)),
    [],
  );
});

test('no module imports from a room it may not know', () => {
  const broken = modules().flatMap((path) => {
    const room = roomOf(path) ?? assert.fail(path);
    return importsOf(path)
      .filter(({ relative, target, typeOnly }) => relative && !mayImport(room, target, typeOnly))
      .map((found) => `${path}:${found.line} imports ${found.target}`);
  });
  assert.deepEqual(broken, []);
});

test('Biome’s rules and the table in the architecture say the same (npm run fences)', () => {
  assert.deepEqual(json('biome.fences.json'), biomeFences());
  assert.deepEqual(json('biome.json').extends, ['./biome.fences.json']);
  assert.equal(TABLE.exec(text('docs/architecture.md'))?.[0], fenceTable());
});

test('only the host and its front door import vscode', () => {
  const importers = modules().filter((path) => importsOf(path).some(({ target }) => target === 'vscode'));
  assert.deepEqual(
    importers.filter((path) => !path.startsWith('src/host/') && path !== 'src/extension.ts'),
    [],
  );
});

test('modules import only what the package depends on', () => {
  const dependencies = Object.keys(json('package.json').dependencies);
  const known = (target: string) =>
    target === 'vscode' ||
    isBuiltin(target) ||
    dependencies.some((name) => target === name || target.startsWith(`${name}/`));
  const unknown = modules().flatMap((path) =>
    importsOf(path)
      .filter((found) => !found.relative && !known(found.target))
      .map((found) => `${path}:${found.line} imports ${found.target}`),
  );
  assert.deepEqual(unknown, []);
});

test('node modules are named with their prefix', () => {
  const bare = modules().flatMap((path) =>
    importsOf(path)
      .filter(({ target, relative }) => !relative && isBuiltin(target) && !target.startsWith('node:'))
      .map(({ target }) => `${path} imports ${target}`),
  );
  assert.deepEqual(bare, []);
});

test('no modules import each other in a circle', () => {
  const graph = new Map(
    modules().map((path) => [
      path,
      importsOf(path)
        .filter(({ relative }) => relative)
        .map(({ target }) => target),
    ]),
  );
  const finished = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    if (finished.has(path)) return;
    if (way.includes(path)) {
      circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
      return;
    }
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  assert.deepEqual(circles, []);
});
