import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { finished, jsonLines, startCli } from '../main/runCli.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

describe('nobody gets the same letter twice', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  let children: ChildProcess[] = [];
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    server = await SmtpServer.start({});
    children = [];
    await sandbox.writeSettings(server.port);
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server.close();
    await sandbox.remove();
  });
  const sentTo = () => server.messages.map(({ to }) => to[0]).sort();
  const readers = (...numbers: number[]) => numbers.map((n) => `reader${n}@example.org`);
  function start(words: string): ChildProcess {
    const child = startCli(sandbox.args(`${words} --json`), { cwd: sandbox.folder });
    children.push(child);
    return child;
  }
  async function event(child: ChildProcess, wanted: (line: Record<string, unknown>) => boolean) {
    let text = '';
    for await (const chunk of child.stdout ?? []) {
      text += String(chunk);
      const found = jsonLines(text.slice(0, text.lastIndexOf('\n') + 1)).find(wanted);
      if (found) {
        child.stdout?.resume();
        return found;
      }
    }
    throw new Error(`it did not come:\n${text}`);
  }

  it('readers who have it are left out, with the date; --again sends it again', async () => {
    assert.equal((await sandbox.run('send letter.md --yes')).code, 0);
    const again = await sandbox.run('send letter.md --yes');
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /Everyone on the list already has this letter/);
    assert.match(again.stdout, /already went to 3 readers \(.*, campaign \S+\)/);
    await sandbox.writeList(4);
    const more = await sandbox.run('send letter.md --yes');
    assert.equal(more.code, 0, more.stderr);
    assert.match(more.stdout, /3 who already got this letter/);
    assert.deepEqual(sentTo(), readers(1, 2, 3, 4));
    const checked = await sandbox.run('check letter.md');
    assert.equal(checked.code, 2, 'to nobody it cannot be sent');
    assert.match(checked.stderr, /Everyone left on the list already has this letter/);
    assert.equal((await sandbox.run('send letter.md --yes --again')).code, 0);
    assert.equal(server.messages.length, 8);
  });

  it('another text in the same document is the same letter, another “id” is another one', async () => {
    await sandbox.run('send letter.md --yes');
    await sandbox.write('letter.md', letter.replace('this is yours', 'this is corrected'));
    await sandbox.run('send letter.md --yes');
    assert.equal(server.messages.length, 3);
    await sandbox.write('letter.md', letter.replace('kind:', 'id: may\nkind:'));
    await sandbox.run('send letter.md --yes');
    assert.equal(server.messages.length, 6);
    await sandbox.write('copy.md', letter.replace('kind:', 'id: may\nkind:'));
    await sandbox.run('send copy.md --yes');
    assert.equal(server.messages.length, 6, 'the same id in another document');
  });

  it('of two commands at once', async () => {
    await sandbox.writeList(12);
    await sandbox.writeSettings(server.port, { rate: '20/second' });
    const both = await Promise.all([finished(start('send letter.md --yes')), finished(start('send letter.md --yes'))]);
    for (const { code, stderr } of both) assert.ok(code === 0 || code === 3, `${code}: ${stderr}`);
    // Whichever began second may have ended at once: the first one's sending is then left to be gone on with.
    await sandbox.run('resume');
    assert.deepEqual(new Set(sentTo()).size, 12);
    assert.equal(server.messages.length, 12);
  });

  it('when the first one is killed half-way, whatever is run then', async () => {
    await sandbox.writeList(30);
    await sandbox.writeSettings(server.port, { rate: '10/second', maxConnections: 1 });
    const first = start('send letter.md --yes');
    await event(first, ({ event, sent }) => event === 'progress' && Number(sent) > 0);
    first.kill('SIGKILL');
    await once(first, 'close');
    const second = await sandbox.run('send letter.md --yes');
    assert.equal(second.code, 3, second.stderr);
    assert.match(second.stdout, /Still to be sent: \d+\./);
    assert.match(second.stdout, /continue with envoi resume \S+/);
    const resumed = await sandbox.run('resume');
    assert.ok(resumed.code === 0 || resumed.code === 1 || resumed.code === 3, resumed.stderr);
    assert.equal(new Set(sentTo()).size, server.messages.length, 'nobody twice');
    assert.ok(server.messages.length >= 29, 'one at most is in doubt');
  });

  it('with --once a repeated job does nothing, even for new readers', async () => {
    const first = await sandbox.json('send letter.md --yes --once abc123');
    assert.equal(first.code, 0, first.stderr);
    await sandbox.writeList(5);
    const second = await sandbox.json('send letter.md --yes --once abc123');
    assert.equal(second.code, 0, second.stderr);
    assert.equal(second.lines.at(-1)?.event, 'alreadySent');
    assert.deepEqual(sentTo(), readers(1, 2, 3));
    assert.equal((await sandbox.run('send letter.md --yes --once def456')).code, 0);
    assert.deepEqual(sentTo(), readers(1, 2, 3, 4, 5));
  });

  it('pause, correct, continue: the remaining readers get the new text, and nobody gets both', async () => {
    await sandbox.writeList(30);
    // Slow enough for three commands to begin meanwhile, on a busy machine too.
    await sandbox.writeSettings(server.port, { rate: '1/second', maxConnections: 1 });
    const first = start('send letter.md --yes');
    await event(first, ({ event, sent }) => event === 'progress' && Number(sent) > 0);
    const running = await sandbox.run('correct letter.md --yes');
    assert.equal(running.code, 2);
    assert.match(running.stderr, /is not paused\. Pause it first/);
    assert.equal((await sandbox.run('pause')).code, 0);
    first.kill('SIGKILL');
    await once(first, 'close');
    const before = server.messages.length;
    assert.ok(before > 0 && before < 30);
    const again = await sandbox.run('send letter.md --yes');
    assert.equal(again.code, 3, again.stderr);
    assert.match(again.stdout, /Everyone on the list already has this letter or is waiting for it\./);
    await sandbox.write('letter.md', letter.replace('this is yours', 'this is corrected').replace('Hello', 'Hallo'));
    await sandbox.writeSettings(server.port);
    const corrected = await sandbox.run('correct letter.md --yes');
    assert.equal(corrected.code, 0, corrected.stderr);
    assert.match(corrected.stdout, new RegExp(`Text 1, until .*: ${before} reader`));
    assert.match(corrected.stdout, new RegExp(`Text 2, corrected: ${30 - before} reader`));
    assert.equal(new Set(sentTo()).size, 30);
    assert.equal(server.messages.length, 30);
    const texts = server.messages.map(({ data }) => String(data).includes('this is corrected'));
    assert.deepEqual(texts, [...Array(before).fill(false), ...Array(30 - before).fill(true)]);
    const nothing = await sandbox.run('correct letter.md --yes');
    assert.equal(nothing.code, 2);
    assert.match(nothing.stderr, /no unfinished campaign of letter\.md/);
  });
});
