import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { OLDEST_NODE } from '../../scripts/lib/npmNode.ts';
import { json, repositoryFiles, text } from './sources.ts';

interface Job {
  strategy?: { matrix: { os?: string[]; node?: string[] } };
  env?: Record<string, string>;
  steps: { run?: string }[];
}

const source = text('.github/workflows/test.yml');
const { jobs } = parse(source) as { jobs: Record<string, Job> };

test('the workflow says that it has not run here, and covers three systems, the desktop editor and both Nodes', () => {
  assert.match(source, /it has not run here/);
  const systems = ['ubuntu-latest', 'windows-latest', 'macos-latest'];
  assert.deepEqual(jobs.editor?.strategy?.matrix.os, systems);
  assert.equal(jobs.editor?.env?.ENVOI_EDITOR, 'desktop');
  assert.deepEqual(jobs.command?.strategy?.matrix.os, systems);
  assert.deepEqual(jobs.command?.strategy?.matrix.node, [OLDEST_NODE, '24']);
});

test('what the workflow and .ci/run call is there', () => {
  const scripts = Object.keys(json('package.json').scripts);
  const files = repositoryFiles();
  const lines = [...Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? '')), text('.ci/run')];
  const called = lines.flatMap((line) => [...line.matchAll(/npm run ([\w:]+)/g)].map((found) => found[1] ?? ''));
  assert.ok(called.length > 3);
  assert.deepEqual(
    called.filter((name) => !scripts.includes(name)),
    [],
  );
  const paths = lines.flatMap((line) => [...line.matchAll(/(?:scripts|\.ci)\/[\w.]+/g)].map(([path]) => path));
  assert.deepEqual(
    paths.filter((path) => !files.includes(path)),
    [],
  );
});
