import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Skew, skewOf } from '../../src/attach/versionSkew.ts';

describe('an engine of another build', () => {
  const rows: [engine: [number, string], client: [number, string], skew: Skew][] = [
    [[1, '1.0.0'], [1, '1.0.0'], 'same'],
    [[1, '1.0.0'], [1, '1.0.1'], 'olderVersion'],
    [[1, '1.9.0'], [1, '1.10.0'], 'olderVersion'],
    [[1, '1.10.0'], [1, '1.9.0'], 'same'],
    [[1, '2.0.0'], [1, '1.99.99'], 'same'],
    [[1, '1.0.0-beta'], [1, '1.0.0'], 'same'],
    [[1, ''], [1, '1.0.0'], 'same'],
    [[1, '9.0.0'], [2, '1.0.0'], 'olderProtocol'],
    [[2, '1.0.0'], [1, '9.0.0'], 'newer'],
  ];
  for (const [[p, v], [mine, version], skew] of rows) {
    it(`of protocol ${p} and version “${v}” is “${skew}” to a client of ${mine} and ${version}`, () => {
      assert.equal(skewOf({ protocol: p, version: v }, { protocol: mine, version }), skew);
    });
  }
});
