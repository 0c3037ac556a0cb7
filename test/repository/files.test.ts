import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modules, repositoryFiles, text } from './sources.ts';

const MAX_LINES = 400;
const BINARY = /\.(png|jpe?g|gif|ico|woff2?|vsix)$/;

test(`no module is longer than ${MAX_LINES} lines`, () => {
  const code = repositoryFiles().filter((path) => /\.(ts|js|mjs|cjs|css)$/.test(path));
  const long = code.filter((path) => text(path).split('\n').length - 1 > MAX_LINES);
  assert.deepEqual(long, []);
  assert.ok(modules().length > 10, 'the walk finds the modules');
});

test('no file names a folder of somebody’s machine', () => {
  const machine = new RegExp(
    ['/(?:home|Users)/(?!ada\\b|you\\b|runner\\b)[a-z][\\w.-]*/', '/ro{2}t/', '/wo{1}rk/'].join('|'),
  );
  const found = repositoryFiles()
    .filter((path) => !BINARY.test(path))
    .flatMap((path) =>
      text(path)
        .split('\n')
        .flatMap((line, index) => (machine.test(line) ? [`${path}:${index + 1} ${line.trim().slice(0, 100)}`] : [])),
    );
  assert.deepEqual(found, []);
});

test('the lockfile names no host, so that any registry serves it', () => {
  assert.deepEqual(
    text('package-lock.json')
      .split('\n')
      .filter((line) => /"resolved"\s*:/.test(line)),
    [],
  );
  assert.match(text('.npmrc'), /^omit-lockfile-registry-resolved=true$/m);
  assert.doesNotMatch(text('.npmrc'), /registry\s*=/);
});

test('the recipes and the architecture name files and folders that are there', () => {
  const files = repositoryFiles();
  const named = ['CONTRIBUTING.md', 'docs/architecture.md'].flatMap((page) =>
    [...text(page).matchAll(/`((?:src|test|docs|scripts|media|l10n|bench)\/[\w./-]*\w)`/g)].map(
      (found) => found[1] ?? '',
    ),
  );
  assert.ok(named.length > 25);
  assert.deepEqual(
    named.filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`))),
    [],
  );
});

test('no secret and no key is committed outside the fixtures', () => {
  const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n[A-Za-z0-9+/=\s]{100}/;
  const found = repositoryFiles().filter(
    (path) => !BINARY.test(path) && !path.startsWith('test/') && key.test(text(path)),
  );
  assert.deepEqual(found, []);
});
