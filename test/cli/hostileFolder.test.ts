import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

const commands = ['check letter.md', 'render letter.md', 'test letter.md --to ada@example.org', 'send letter.md --yes'];
const env = { ENVOI_PASSWORD_OFFICE: 'only-for-my-own-server-9917' };

/** A folder as somebody hands it over who means ill. Whatever is asked of it: words, soon, and nothing else. */
describe('a hostile folder', { skip: process.platform === 'win32' && 'pipes and links' }, () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  const at = (name: string) => join(sandbox.folder, name);
  const pipe = (name: string) => execFileSync('mkfifo', [at(name)]);
  const head = (line: string) => letter.replace('kind: internal', `kind: internal\n${line}`);
  before(async () => {
    server = await SmtpServer.start();
  });
  after(() => server.close());
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    // Theirs, beside the letter; and the person's own, named with --config.
    await sandbox.writeSettings(server.port, { user: 'ada', auth: 'password' });
    await sandbox.write(
      'own.json',
      JSON.stringify({ 'envoi.route': ['direct'], 'envoi.direct': { port: server.port } }),
    );
    await sandbox.write('run.sh', `#!/bin/sh\necho ran >> '${at('trace')}'\n`);
    execFileSync('chmod', ['755', at('run.sh')]);
    execFileSync('git', ['init', '-q', sandbox.folder]);
    execFileSync('git', ['init', '-q', '--bare', at('HEAD.git')]);
    for (const folder of [sandbox.folder, at('HEAD.git')])
      for (const key of ['core.fsmonitor', 'core.sshCommand', 'core.pager', 'filter.x.clean'])
        execFileSync('git', ['-C', folder, 'config', key, at('run.sh')]);
    await sandbox.write('.gitattributes', '* filter=x\n');
  });
  afterEach(() => sandbox.remove());

  async function onlyWords(words: string, says: RegExp, more = ''): Promise<void> {
    const began = Date.now();
    const { code, stdout, stderr } = await sandbox.runAsStranger(`${words}${more}`, env);
    assert.equal(code, 2, `${words}\n${stdout}${stderr}`);
    assert.match(stderr, says, words);
    assert.doesNotMatch(stdout + stderr, /bug in Envoi|\n\s+at |9917/);
    assert.ok(Date.now() - began < 20_000, `${words} took ${Date.now() - began} ms`);
    assert.equal(existsSync(at('trace')), false, 'nothing of it ran');
    assert.deepEqual([server.connections, server.messages.length], [0, 0]);
  }

  it('names a server: no server is contacted, no password sent', async () => {
    for (const words of [...commands, 'servers test'])
      await onlyWords(words, /have not trusted their current version yet/);
  });

  const own = ' --config own.json';
  const cases: [what: string, says: RegExp, prepare: () => Promise<unknown> | unknown, more?: string][] = [
    [
      'whose image is a pipe',
      /letter\.md:8.*(?:pipe or a device|pipe\.png)/,
      async () => {
        pipe('pipe.png');
        await sandbox.write('letter.md', `${letter}![Sun](pipe.png)\n`);
      },
    ],
    [
      'whose image is a device behind a link',
      /letter\.md:8.*(?:must be in|outside|zero\.png)/,
      async () => {
        symlinkSync('/dev/zero', at('zero.png'));
        await sandbox.write('letter.md', `${letter}![Sun](zero.png)\n`);
      },
    ],
    [
      'whose attachment is a pipe',
      /letter\.md:5.*(?:pipe or a device|plan\.pdf)/,
      async () => {
        pipe('plan.pdf');
        await sandbox.write('letter.md', head('attachments: [plan.pdf]'));
      },
    ],
    [
      'whose attachment is a link that leads out',
      /must be in the document’s folder/,
      async () => {
        symlinkSync('/etc/passwd', at('plan.pdf'));
        await sandbox.write('letter.md', head('attachments: [plan.pdf]'));
      },
    ],
    [
      'whose layout is a pipe',
      /frame\.html/,
      async () => {
        pipe('frame.html');
        await sandbox.write('letter.md', head('layout: frame.html'));
      },
    ],
    [
      'whose list is a pipe',
      /pipe or a device/,
      () => {
        rmSync(at('list.csv'));
        pipe('list.csv');
      },
    ],
    [
      'whose list is a link to a device',
      /is outside|pipe or a device/,
      () => {
        rmSync(at('list.csv'));
        symlinkSync('/dev/zero', at('list.csv'));
      },
    ],
    [
      'whose list is a link that leads out',
      /is outside/,
      () => {
        rmSync(at('list.csv'));
        symlinkSync('/etc/passwd', at('list.csv'));
      },
    ],
    [
      'whose letter is a pipe',
      /letter\.md is a pipe or a device/,
      () => {
        rmSync(at('letter.md'));
        pipe('letter.md');
      },
    ],
    [
      'whose settings are a pipe',
      /envoi\.json is a pipe or a device/,
      () => {
        rmSync(at('envoi.json'));
        pipe('envoi.json');
      },
      '',
    ],
    [
      'whose settings are a link to a device',
      /envoi\.json is a pipe or a device/,
      () => {
        rmSync(at('envoi.json'));
        symlinkSync('/dev/zero', at('envoi.json'));
      },
      '',
    ],
  ];
  for (const [what, says, prepare, more = own] of cases)
    it(`${what} gets nothing but words`, async () => {
      await prepare();
      for (const words of commands) await onlyWords(words, says, more);
    });
});
