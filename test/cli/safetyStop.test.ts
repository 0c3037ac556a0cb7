import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, it } from 'node:test';
import { deferred } from '../engine/delivery/harness.ts';
import { jsonLines, startCli } from '../main/runCli.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let server: SmtpServer;
beforeEach(async () => {
  sandbox = await Sandbox.make();
});
afterEach(async () => {
  await server.close();
  await sandbox.remove();
});

it('the one reader for whom the letter was refused is named in the last lines, and in the report', async () => {
  let dots = 0;
  server = await SmtpServer.start({
    steps: { dot: () => (++dots === 2 ? '550 5.7.1 message looks like SPAM' : undefined) },
  });
  await sandbox.writeList(4);
  await sandbox.writeSettings(server.port, { maxConnections: 1 });
  const { code, stdout } = await sandbox.run('send letter.md --yes');
  assert.equal(code, 1);
  const line = /1 reader set aside: reader\d@example\.org \(Content rejected\)/;
  assert.match(stdout, line);
  assert.match((await sandbox.run('report')).stdout, line);
});

it('a campaign that stops through our own fault still receives a pending reply: nobody is in doubt, and all get it on resume', async () => {
  const answer = deferred();
  let dots = 0;
  let mended = false;
  server = await SmtpServer.start({
    steps: {
      MAIL: () => (dots > 0 && !mended ? '550 5.7.1 Sender address not validated for this account' : undefined),
      dot: () => (dots++ === 0 ? { say: '250 2.0.0 queued', when: answer.promise } : undefined),
    },
  });
  await sandbox.writeList(12);
  await sandbox.writeSettings(server.port, { maxConnections: 2 });
  const child = startCli(sandbox.args('send letter.md --yes --json'), { cwd: sandbox.folder });
  let text = '';
  const lines = createInterface({ input: child.stdout ?? assert.fail('no output') });
  lines.on('line', (line) => {
    text += `${line}\n`;
    // It has stopped, and is seen to have: only then does the server answer.
    if (/"state":"needsAction"/.test(line)) answer.resolve();
  });
  const [code] = (await once(child, 'close')) as [number];
  const summary = jsonLines(text).at(-1);
  assert.equal(code, 3, text);
  assert.deepEqual(
    [summary?.event, summary?.state, summary?.sending, summary?.inDoubt],
    ['summary', 'needsAction', 0, 0],
  );
  assert.equal(summary?.sent, dots, 'the one whose answer came late is counted');
  mended = true;
  const resumed = await sandbox.json(`resume ${summary?.campaign}`);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(resumed.lines.at(-1)?.sent, 12);
  assert.deepEqual(
    server.messages.map(({ to }) => to[0]).toSorted(),
    Array.from({ length: 12 }, (_, n) => `reader${n + 1}@example.org`).toSorted(),
  );
});
