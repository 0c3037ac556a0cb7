import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Sandbox } from './sandbox.ts';

describe('the content of a stranger’s list or file', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    await sandbox.writeSettings(25);
  });
  afterEach(() => sandbox.remove());

  it('is shown on one line, and cannot move the cursor or add colours', async () => {
    await sandbox.write('list.csv', 'email,name\na@example.org,A\n"bad\n\u001b[31mred\u001b]0;title\u0007@",B\n');
    const { stdout, stderr } = await sandbox.run('check letter.md');
    const said = stdout + stderr;
    assert.match(said, /list\.csv:3:.*bad .*red/);
    assert.doesNotMatch(said, /\u001b|\u0007/);
  });

  it('may be nested to any depth', async () => {
    await sandbox.write('deep.json', '['.repeat(200_000));
    await sandbox.write('deep.md', `---\nsubject: ${'['.repeat(50_000)}\n---\nHi\n`);
    for (const words of ['check letter.md --config deep.json', 'check deep.md']) {
      const { code, stderr } = await sandbox.run(words);
      assert.equal(code, 2, stderr);
      assert.doesNotMatch(stderr, /bug in Envoi|\n\s+at /);
    }
  });

  it('may be named like a property of every object', async () => {
    await sandbox.write(
      'letter.md',
      (await import('./sandbox.ts')).letter.replace('Dear {{ name }}', '{{ __proto__ }}, {{ constructor }}'),
    );
    await sandbox.write('list.csv', 'email,name,__proto__,constructor,toString\na@example.org,A,one,two,three\n');
    const checked = await sandbox.run('check letter.md');
    assert.equal(checked.code, 0, checked.stderr);
    const { stdout } = await sandbox.run('render letter.md');
    assert.match(stdout, /one,=20two, this is yours/);
  });
});
