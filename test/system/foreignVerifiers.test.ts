import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensurePackages, onPath } from '../../scripts/lib/debianPackages.ts';
import { must } from '../../scripts/lib/run.ts';

const MESSAGES = 300;
const dkimpy = '/usr/lib/python3/dist-packages/dkim';
const debian = process.platform === 'linux' && (existsSync(dkimpy) || onPath('apt-get') !== undefined);

test('signatures of different messages are verified by mailauth and by dkimpy, each of them', {
  skip: debian ? false : 'dkimpy comes as a Debian package',
}, async () => {
  await ensurePackages([{ name: 'python3-dkim', present: () => existsSync(dkimpy) }]);
  const bench = join(import.meta.dirname, '../../bench/dkim.ts');
  const said = await must(process.execPath, [bench, String(MESSAGES)]);
  assert.match(said, new RegExp(`^mailauth: ${MESSAGES} of ${MESSAGES}$`, 'm'));
  assert.match(said, new RegExp(`^dkimpy: ${MESSAGES} of ${MESSAGES}$`, 'm'));
});
