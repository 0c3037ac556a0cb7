import assert from 'node:assert/strict';
import { isBuiltin } from 'node:module';
import { test } from 'node:test';
import { type Import, importsOf, json, modules } from './sources.ts';

/** Who may import whom. The first room whose prefix fits a file is its room; docs/architecture.md says why. */
const ROOMS: readonly { room: string; may: readonly string[]; typesOf?: readonly string[] }[] = [
  { room: 'src/shared/', may: [] },
  { room: 'src/providers/', may: ['src/shared/'] },
  { room: 'src/compose/', may: ['src/providers/', 'src/shared/'] },
  { room: 'src/protocol/', may: ['src/shared/'], typesOf: ['src/compose/'] },
  { room: 'src/attach/', may: ['src/protocol/', 'src/shared/'] },
  { room: 'src/endpoint/', may: ['src/shared/'] },
  { room: 'src/letter/', may: ['src/compose/', 'src/protocol/', 'src/providers/', 'src/shared/'] },
  { room: 'src/engine/queue/store/', may: ['src/shared/'] },
  { room: 'src/engine/queue/limits/', may: ['src/shared/'] },
  { room: 'src/engine/queue/policy/', may: ['src/shared/'], typesOf: ['src/engine/verdict/'] },
  {
    room: 'src/engine/queue/run/',
    may: ['src/engine/queue/store/', 'src/engine/queue/limits/', 'src/engine/queue/policy/', 'src/shared/'],
  },
  { room: 'src/engine/delivery/', may: ['src/providers/', 'src/shared/'] },
  { room: 'src/engine/verdict/', may: ['src/providers/', 'src/shared/'] },
  {
    room: 'src/engine/',
    may: [
      'src/engine/queue/',
      'src/engine/delivery/',
      'src/engine/verdict/',
      'src/compose/',
      'src/endpoint/',
      'src/protocol/',
      'src/providers/',
      'src/shared/',
    ],
  },
  {
    room: 'src/host/',
    may: ['src/attach/', 'src/letter/', 'src/protocol/', 'src/compose/', 'src/providers/', 'src/shared/'],
  },
  { room: 'src/extension.ts', may: ['src/host/', 'src/shared/'] },
  { room: 'src/engineMain.ts', may: ['src/attach/', 'src/engine/', 'src/protocol/', 'src/shared/'] },
  {
    room: 'src/cli',
    may: [
      'src/attach/',
      'src/endpoint/',
      'src/engine/',
      'src/letter/',
      'src/compose/',
      'src/protocol/',
      'src/providers/',
      'src/shared/',
    ],
  },
  { room: 'media/', may: ['src/shared/words.ts'], typesOf: ['src/protocol/', 'src/shared/'] },
];

const roomOf = (path: string) => ROOMS.find(({ room }) => path.startsWith(room));

function allowed(path: string, found: Import): boolean {
  const mine = roomOf(path);
  if (!mine) return false;
  if (roomOf(found.target) === mine) return true;
  const open = [...mine.may, ...(found.typeOnly ? (mine.typesOf ?? []) : [])];
  return open.some((room) => found.target.startsWith(room));
}

test('every module lives in a room', () => {
  assert.deepEqual(
    modules().filter((path) => !roomOf(path)),
    [],
  );
});

test('no module imports from a room it may not know', () => {
  const broken = modules().flatMap((path) =>
    importsOf(path)
      .filter((found) => found.relative && !allowed(path, found))
      .map((found) => `${path}:${found.line} imports ${found.target}`),
  );
  assert.deepEqual(broken, []);
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
