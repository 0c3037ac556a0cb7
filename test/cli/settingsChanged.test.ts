import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { jsonLines, startCli } from '../main/runCli.ts';
import { closedPort } from '../support/deadPorts.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

describe('a campaign whose server was taken out of the settings while it was paused', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  let children: ChildProcess[] = [];
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    server = await SmtpServer.start();
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server.close();
    await sandbox.remove();
  });

  /** Starts a command, and interrupts it as soon as a line of it fits. */
  async function interrupted(words: string, fits: (line: Record<string, unknown>) => boolean) {
    const child = startCli(sandbox.args(`${words} --json`), { cwd: sandbox.folder });
    children.push(child);
    let text = '';
    for await (const chunk of child.stdout ?? []) {
      text += String(chunk);
      if (!jsonLines(text.slice(0, text.lastIndexOf('\n') + 1)).some(fits)) continue;
      child.kill('SIGINT');
      break;
    }
    child.stdout?.resume();
    assert.deepEqual(await once(child, 'exit'), [3, null], text);
  }

  it('waits for that server and says why, loses nobody, and continues when it is back', async () => {
    const total = 30;
    await sandbox.writeList(total);
    await sandbox.writeSettings(server.port, { rate: '5/second', maxConnections: 1 });
    await interrupted('send letter.md --yes', (line) => Number(line.sent) > 5);
    const { port, messages } = server;
    assert.ok(messages.length < total);

    const other = { host: '127.0.0.1', port: await closedPort(), security: 'none', auth: 'none' };
    await sandbox.write('envoi.json', JSON.stringify({ 'envoi.servers': { other }, 'envoi.route': ['other'] }));
    await server.close();
    const closed = (line: Record<string, unknown>) =>
      (line.attention as { kind: string; words: string }[] | undefined)?.some(
        ({ kind, words }) => kind === 'transportClosed' && /^office is unavailable: .*ECONNREFUSED/.test(words),
      ) === true;
    await interrupted('resume', closed);
    const [paused] = (await sandbox.json('status')).lines;
    assert.equal(paused?.state, 'paused');
    const { sent, queued, deferred } = (paused?.counts ?? {}) as Record<string, number>;
    assert.deepEqual([sent, Number(queued) + Number(deferred)], [messages.length, total - messages.length]);

    server = await SmtpServer.start({}, '127.0.0.1', port);
    const resumed = await sandbox.run('resume');
    assert.equal(resumed.code, 0, resumed.stderr + resumed.stdout);
    const got = [...messages, ...server.messages].map(({ to }) => to[0]);
    assert.equal(got.length, total);
    assert.equal(new Set(got).size, total);
  });
});
