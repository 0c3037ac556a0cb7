import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeError, msg, UserError } from '../../src/shared/errors.ts';

test('an error thrown in one bundle is known in another', async () => {
  const copy: string = '../../src/shared/errors.ts?another-bundle';
  const other = (await import(copy)) as typeof import('../../src/shared/errors.ts');
  const error = new other.UserError('missing', other.msg('It is gone.'), other.msg('Look for it.'));
  assert.notEqual(other.UserError, UserError);
  assert.ok(error instanceof UserError);
  assert.equal(describeError(error), 'It is gone. Look for it.');
  assert.ok(!(new Error('It is gone.') instanceof UserError));
  assert.ok(!((null as unknown) instanceof UserError));
  assert.ok(new UserError('usage', msg('a'), msg('b')) instanceof Error);
});
