import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, text } from './sources.ts';

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
  devOptional?: boolean;
}

const PERMISSIVE = [
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Python-2.0',
  'PSF-2.0',
];

/** An SPDX expression is permissive when one choice of every OR is. */
function permissive(expression: string): boolean {
  const plain = expression.replace(/\(https?:[^)]*\)|[()]/g, '').trim();
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((name) => PERMISSIVE.includes(name.trim())));
}

function shipped(): [string, Locked][] {
  const packages: Record<string, Locked> = json('package-lock.json').packages;
  return Object.entries(packages).filter(([path, locked]) => path !== '' && !locked.dev && !locked.devOptional);
}

test('everything that ships has a permissive licence', () => {
  const packages = shipped();
  assert.ok(packages.length >= Object.keys(json('package.json').dependencies).length);
  const others = packages.filter(([, { license }]) => !permissive(license ?? ''));
  assert.deepEqual(
    others.map(([path, { license }]) => `${path}: ${license}`),
    [],
  );
});

test('versions are pinned', () => {
  const { dependencies, devDependencies } = json('package.json');
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, range]) => !/^\d/.test(String(range)),
  );
  assert.deepEqual(loose, []);
});

test('the licence file says what the manifest says', () => {
  assert.equal(json('package.json').license, 'MIT');
  assert.match(text('LICENSE'), /^MIT License\n\nCopyright \(c\) \d{4} Envoi contributors\n/);
});
