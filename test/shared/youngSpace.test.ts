import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');

/** In a process of its own: what is measured is the whole process. */
async function youngSpace(before: string): Promise<number> {
  const script = `
    import { youngSpaceAfterMuch } from ${JSON.stringify(`${root}/test/support/allocate.ts`)};
    import { keepYoungSpaceSmall } from ${JSON.stringify(`${root}/src/shared/youngSpace.ts`)};
    ${before}
    console.log(await youngSpaceAfterMuch());`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script];
  return Number((await promisify(execFile)(process.execPath, args)).stdout);
}

test('a command that was started without flags keeps its space for new objects small', async (t) => {
  const [free, small] = [await youngSpace(''), await youngSpace('keepYoungSpaceSmall();')];
  if (free < 48) t.skip('this Node keeps it small on its own');
  assert.ok(small < 48, `${small} MB`);
});
