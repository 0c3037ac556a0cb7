import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

const secret = 'only-for-the-server-5521';

describe('a letter in a stranger’s repository', { skip: process.platform === 'win32' && 'shell scripts' }, () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  let trace: string;
  before(async () => {
    server = await SmtpServer.start({ users: { ada: secret } });
  });
  after(() => server.close());
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    await sandbox.writeSettings(server.port, { user: 'ada', auth: 'password' });
    trace = join(sandbox.folder, 'trace');
    await sandbox.write('run.sh', `#!/bin/sh\n{ echo ran "$0" "$@"; env; } >> '${trace}'\ncat\n`);
    await chmod(join(sandbox.folder, 'run.sh'), 0o755);
  });
  afterEach(() => sandbox.remove());

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', sandbox.folder, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  /** Every way in which git runs something that a repository names and that does not need a person to begin with. */
  const traps = (run: string) =>
    [
      ['core.fsmonitor', run],
      ['core.sshCommand', run],
      ['core.pager', run],
      ['core.editor', run],
      ['core.hooksPath', '.'],
      ['filter.trap.clean', run],
      ['filter.trap.smudge', run],
      ['filter.trap.process', run],
      ['diff.external', run],
      ['credential.helper', `!${run}`],
      ['alias.rev-parse', `!${run}`],
      ['remote.origin.url', 'ext::run'],
      ['remote.origin.uploadpack', run],
      ['remote.origin.promisor', 'true'],
      ['extensions.partialClone', 'origin'],
    ] as const;
  const send = (path = 'letter.md') => sandbox.json(`send ${path} --yes`, { ENVOI_PASSWORD_OFFICE: secret });

  it('runs nothing from it, whatever its settings name, and its commit is recorded', async () => {
    git('init', '-q');
    await sandbox.write('.gitattributes', '* filter=trap diff=trap\n');
    git('add', 'letter.md');
    git('commit', '-q', '-m', 'a letter');
    const commit = git('rev-parse', 'HEAD');
    for (const [key, value] of traps(join(sandbox.folder, 'run.sh'))) git('config', key, value);
    await sandbox.write('letter.md', `${letter}\nChanged.\n`);
    const { code, lines } = await send();
    assert.equal(code, 0);
    assert.equal(existsSync(trace), false, existsSync(trace) ? readFileSync(trace, 'utf8') : '');
    assert.equal(await pinnedCommit(sandbox, lines), commit);
  });

  it('runs nothing from a bare repository in its folder', async () => {
    git('init', '-q', '--bare', '.');
    for (const [key, value] of traps(join(sandbox.folder, 'run.sh'))) git('config', key, value);
    git('config', 'core.bare', 'false');
    git('config', 'core.worktree', '.');
    const { code } = await send();
    assert.equal(code, 0);
    assert.equal(existsSync(trace), false, existsSync(trace) ? readFileSync(trace, 'utf8') : '');
  });

  it('accepts no root from it but its own folder: files outside are refused', async () => {
    await mkdir(join(sandbox.folder, 'inner'));
    await sandbox.write('secret.txt', 'not for the list');
    await sandbox.write('inner/list.csv', 'email,name\nada@example.org,Ada\n');
    await sandbox.write(
      'inner/letter.md',
      letter.replace('kind: internal', 'kind: internal\nattachments: [../secret.txt]'),
    );
    execFileSync('git', ['init', '-q', join(sandbox.folder, 'inner')]);
    execFileSync('git', ['-C', join(sandbox.folder, 'inner'), 'config', 'core.worktree', '/']);
    const { code, lines } = await send('inner/letter.md');
    assert.equal(code, 2);
    assert.match(JSON.stringify(lines), /must be in the document’s folder/);
  });

  it('mails no list outside it, unless a person names the list', async () => {
    await mkdir(join(sandbox.folder, 'inner'));
    for (const [name, written] of [
      ['up.md', '../list.csv'],
      ['link.md', 'link.csv'],
    ] as const) {
      await sandbox.write(`inner/${name}`, letter.replace('recipients: list.csv', `recipients: ${written}`));
    }
    await symlink(join(sandbox.folder, 'list.csv'), join(sandbox.folder, 'inner', 'link.csv'));
    for (const name of ['up.md', 'link.md']) {
      const { code, stderr } = await sandbox.run(`check inner/${name} --config envoi.json`);
      assert.equal(code, 2);
      assert.match(stderr, /list is outside .*--recipients/);
    }
    const named = await sandbox.run('check inner/up.md --config envoi.json --recipients list.csv');
    assert.equal(named.code, 0, named.stderr);
  });

  it('does not wait for a repository whose settings are a pipe', { timeout: 20_000 }, async () => {
    git('init', '-q');
    execFileSync('mkfifo', [join(sandbox.folder, 'pipe')]);
    git('config', 'include.path', join(sandbox.folder, 'pipe'));
    const { code } = await send();
    assert.equal(code, 0);
  });

  it('runs git from where it is installed, never from the folder, and gives it no password', async () => {
    git('init', '-q');
    await sandbox.write('git', readFileSync(join(sandbox.folder, 'run.sh'), 'utf8'));
    await chmod(join(sandbox.folder, 'git'), 0o755);
    const path = `.:${sandbox.folder}:${process.env.PATH}`;
    const args = 'send letter.md --yes --json';
    assert.equal((await sandbox.run(args, { ENVOI_PASSWORD_OFFICE: secret, PATH: path })).code, 0);
    assert.equal(existsSync(trace), false);
  });

  it('gives no password from its environment to the programs it starts', async () => {
    git('init', '-q');
    const tools = join(sandbox.folder, '..', `${sandbox.folder.split('/').at(-1)}-tools`);
    await mkdir(tools);
    try {
      const seen = join(tools, 'seen');
      const fake = join(tools, 'git');
      execFileSync('sh', [
        '-c',
        `printf '%s\\n' '#!/bin/sh' '{ echo "$@"; env; } >> ${seen}' > ${fake}; chmod 755 ${fake}`,
      ]);
      const env = {
        ENVOI_PASSWORD_OFFICE: secret,
        ENVOI_TOKEN_OTHER: secret,
        ENVOI_PASSWORD_ATTIC: secret,
        PATH: `${tools}:${process.env.PATH}`,
      };
      assert.equal((await sandbox.run('send letter.md --yes', env)).code, 0);
      const said = readFileSync(seen, 'utf8');
      assert.match(said, /^-C \S+ rev-parse HEAD\n/);
      assert.equal(said.match(/rev-parse/g)?.length, 1, 'git was asked once');
      assert.doesNotMatch(said, /5521|ENVOI_/);
    } finally {
      execFileSync('rm', ['-rf', tools]);
    }
  });
});

async function pinnedCommit(sandbox: Sandbox, lines: Record<string, unknown>[]): Promise<unknown> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(sandbox.state, 'envoi.db'), { readOnly: true });
  try {
    const id = String(lines.find(({ event }) => event === 'started')?.campaign);
    return database.prepare('SELECT document_commit AS "commit" FROM campaigns WHERE id = ?').get(id)?.commit;
  } finally {
    database.close();
  }
}
