// Loads the built extension beside a stand-in for `vscode` and activates it; prints milliseconds of both. Child of activation.ts.
const Module = require('node:module');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const declared = readFileSync(join(root, 'node_modules/@types/vscode/index.d.ts'), 'utf8');
const members = new Set(
  [...declared.matchAll(/^\s*export (?:abstract )?(?:class|enum|namespace|const|let|function) (\w+)/gm)].map(
    (found) => found[1],
  ),
);

/** Answers every read, call and construction with more of its kind. */
function anything() {
  const known = new Map();
  function target() {}
  Object.defineProperty(target, 'name', { writable: true, configurable: true });
  const proxy = new Proxy(target, {
    get: (_, key) => {
      if (key === Symbol.toPrimitive) return () => '';
      if (key === 'then') return undefined;
      if (key === 'prototype') return target.prototype;
      if (!known.has(key)) known.set(key, anything());
      return known.get(key);
    },
    set: (_, key, value) => Boolean(known.set(key, value)),
    apply: () => proxy,
    construct: () => ({ dispose() {}, fire() {}, event: () => proxy }),
  });
  return proxy;
}

// What the extension host has loaded long before.
for (const name of ['crypto', 'http', 'https', 'net', 'child_process', 'fs/promises', 'stream', 'os', 'path', 'url'])
  require(`node:${name}`);
const vscode = Object.fromEntries([...members].map((name) => [name, anything()]));
const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

const begin = performance.now();
const extension = require(process.argv[2]);
const loaded = performance.now();
extension.activate(anything());
const active = performance.now();
console.log(JSON.stringify({ load: loaded - begin, activate: active - loaded, members: members.size }));
process.exit();
