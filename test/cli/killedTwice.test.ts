import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { startCli } from '../main/runCli.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

const READERS = 30;

describe('the built command, killed with SIGKILL', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  let children: ChildProcess[] = [];
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    server = await SmtpServer.start({});
    children = [];
    await sandbox.writeList(READERS);
    await sandbox.writeSettings(server.port, { rate: '10/second', maxConnections: 1 });
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server.close();
    await sandbox.remove();
  });
  const sentTo = () => server.messages.map(({ to }) => to[0]);
  function start(words: string): ChildProcess {
    const child = startCli(sandbox.args(`${words} --json`), { cwd: sandbox.folder });
    children.push(child);
    child.stderr?.resume();
    return child;
  }
  /** Once a line of its output fits; false when it ended without one. */
  async function said(child: ChildProcess, wanted: RegExp): Promise<boolean> {
    let text = '';
    for await (const chunk of child.stdout ?? []) {
      text += String(chunk);
      if (wanted.test(text)) return true;
    }
    return false;
  }
  async function kill(child: ChildProcess): Promise<void> {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.kill('SIGKILL');
    await ended;
  }

  it('both of two overlapping runs: whichever continues sends nobody the letter twice', async () => {
    const both = [start('send letter.md --yes'), start('send letter.md --yes')];
    await Promise.race(both.map((child) => said(child, /"event":"progress".*"sent":[1-9]/)));
    await Promise.all(both.map(kill));
    const before = server.messages.length;
    assert.ok(before < READERS, `${before} were sent before the kill`);
    await sandbox.writeSettings(server.port);
    // The next run of cron says that it has begun; whoever goes on with it ends it.
    const next = await sandbox.run('send letter.md --yes');
    assert.ok(next.code === 0 || next.code === 3, next.stderr);
    const resumed = await sandbox.run('resume');
    assert.ok(resumed.code !== 2, resumed.stderr);
    assert.equal(new Set(sentTo()).size, server.messages.length, 'nobody twice');
    assert.ok(server.messages.length >= READERS - 1, 'one at most is in doubt');
  });

  it('a correction, at each of its writes: the remaining readers get one text or the other, nobody both', async () => {
    const first = start('send letter.md --yes');
    assert.ok(await said(first, /"event":"progress".*"sent":[1-9]/));
    assert.equal((await sandbox.run('pause')).code, 0);
    await kill(first);
    const before = server.messages.length;
    assert.ok(before > 0 && before < READERS);
    await sandbox.write('letter.md', letter.replace('this is yours', 'this is corrected'));
    await sandbox.writeSettings(server.port);
    for (const writes of [1, 2, 4, 7, 11]) {
      const child = start('correct letter.md --yes');
      let seen = 0;
      const watcher = watch(sandbox.state, (_, name) => {
        if (name?.startsWith('envoi.db') && ++seen >= writes) child.kill('SIGKILL');
      });
      await said(child, /"event":"corrected"/);
      watcher.close();
      await kill(child);
    }
    // Whatever was reached, going on ends it.
    const again = await sandbox.run('correct letter.md --yes');
    assert.ok(again.code === 0 || again.code === 1 || again.code === 2, again.stderr);
    await sandbox.run('resume');
    assert.equal(new Set(sentTo()).size, server.messages.length, 'nobody twice');
    assert.ok(server.messages.length >= READERS - 5, 'one of each kill at most is in doubt');
    const texts = server.messages.map(({ data }) => String(data));
    assert.ok(texts.every((text) => text.includes('this is yours') !== text.includes('this is corrected')));
    assert.deepEqual(
      texts.map((text) => text.includes('this is corrected')),
      [...Array(before).fill(false), ...Array(texts.length - before).fill(true)],
    );
  });
});
