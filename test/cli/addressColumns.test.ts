import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { letter, Sandbox } from './sandbox.ts';

describe('where two columns of one name hold addresses, check says how to choose either', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    await sandbox.write('envoi.json', '{}');
  });
  afterEach(() => sandbox.remove());

  const rows = ['ada@example.org,Ada,ada@home.example', 'bob@example.org,Bob,bob@home.example'];
  const list = (...titles: string[]) => sandbox.write('list.csv', `${[titles.join(','), ...rows].join('\n')}\n`);
  const rendered = async (line = '') => {
    await sandbox.write('letter.md', letter.replace('kind: internal\n', `kind: internal\n${line}\n`));
    const { stdout, stderr } = await sandbox.run('render letter.md');
    return /^To: (.*?)\r$/m.exec(stdout)?.[1] ?? stderr;
  };

  it('and what it says means these columns', async () => {
    await list('email', 'name', 'email');
    const { stderr, stdout } = await sandbox.run('check letter.md');
    assert.match(
      stderr,
      /warning: Two columns are named “email”: addresses are read from column 1, and column 3 contains addresses too\. /,
    );
    const [keep = '', choose = ''] = [...stderr.matchAll(/“(address: \w+)”/g)].map(([, line]) => line ?? '');
    assert.notEqual(keep, choose);
    assert.match(await rendered(keep), /ada@example\.org/);
    assert.match(await rendered(choose), /ada@home\.example/);
    assert.doesNotMatch((await sandbox.run('check letter.md')).stderr, /Two columns/);
    assert.match(stdout, /2 recipients/);
  });

  it('in French, too', async () => {
    await list('email', 'name', 'email');
    const { stderr } = await sandbox.run('check letter.md', { LC_ALL: 'fr_FR.UTF-8' });
    assert.match(stderr, /Deux colonnes s’appellent «\semail\s»\s: .* ou «\saddress: email_2\s»/);
  });

  it('by renaming where no name of one means it', async () => {
    await sandbox.write(
      'list.csv',
      'email,name,email,email_2\nada@example.org,Ada,ada@home.example,x\nbob@example.org,Bob,bob@home.example,y\n',
    );
    const { stderr } = await sandbox.run('check letter.md');
    assert.match(
      stderr,
      /warning: Addresses are read from column 1, “email”; column 3, “email”, contains .* of its own/,
    );
    assert.doesNotMatch(stderr, /Write “address:/);
  });

  it('and by the names where they differ', async () => {
    await list('email', 'name', 'private');
    const { stderr } = await sandbox.run('check letter.md');
    assert.match(
      stderr,
      /“email”; “private” contains addresses too\. Write “address: email” to keep this, or “address: private”/,
    );
  });
});
