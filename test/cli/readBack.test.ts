import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import { finished, jsonLines, startCli } from '../main/runCli.ts';
import { Dovecot } from '../support/dovecot.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

async function sandboxWith(context: TestContext) {
  await ensurePackages(imapPackages);
  const dovecot = await Dovecot.start();
  const smtp = await SmtpServer.start();
  const sandbox = await Sandbox.make();
  context.after(async () => {
    await sandbox.remove();
    await smtp.close();
    await dovecot.stop();
  });
  const mailbox = { host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user };
  const mailboxes = { home: { ...mailbox, authServer: 'mx.sender.example' } };
  await sandbox.writeSettings(smtp.port, {}, { 'envoi.mailboxes': mailboxes });
  return { dovecot, smtp, sandbox, env: { ENVOI_PASSWORD_HOME: dovecot.password } };
}

/** Sends the test, and puts it into the mailbox as its own server would, with these lines on top. */
async function testAndDeliver(
  { dovecot, smtp, sandbox, env }: Awaited<ReturnType<typeof sandboxWith>>,
  top: string,
  box = '',
) {
  const cli = startCli(sandbox.args('test letter.md --read --json'), {
    cwd: sandbox.folder,
    env: { ...sandbox.person, ...env },
  });
  const ended = finished(cli);
  while (smtp.messages.length === 0) await once(cli.stdout as NodeJS.ReadableStream, 'data');
  await dovecot.deliver(`${top}${smtp.messages[0]?.data.toString('latin1')}`, box);
  const { code, stdout, stderr } = await ended;
  return { code, stderr, arrival: jsonLines(stdout).find(({ event }) => event === 'arrival') };
}

test('“test --read” reports in which folder the test arrived, how soon, and the results of that server’s own checks', async (context) => {
  const all = await sandboxWith(context);
  const later = new Date(Date.now() + 60_000).toUTCString().replace('GMT', '+0000');
  const top = [
    `Received: from laptop by mx.sender.example; ${later}`,
    'Authentication-Results: mx.sender.example; dkim=pass header.d=sender.example; spf=pass smtp.mailfrom=sender.example',
    'Authentication-Results: mx.evil.example; dmarc=pass',
    '',
  ].join('\r\n');
  const { code, arrival, stderr } = await testAndDeliver(all, top);
  assert.equal(code, 0, stderr);
  assert.deepEqual(all.smtp.messages[0]?.to, [all.dovecot.user], 'it goes to the mailbox by itself');
  assert.equal(arrival?.placement, 'inbox');
  assert.deepEqual(arrival?.strangers, ['mx.evil.example']);
  const results = (arrival?.results ?? []) as { method: string; result: string }[];
  assert.deepEqual(
    results.map(({ method, result }) => `${method} ${result}`),
    ['dkim pass', 'spf pass'],
  );
  const delay = Number(arrival?.delayMs);
  assert.ok(delay > 0 && delay <= 61_000, String(delay));
});

test('a test in junk, or that fails its checks, is not a success', async (context) => {
  const all = await sandboxWith(context);
  const { code, arrival } = await testAndDeliver(all, '', '.Junk');
  assert.equal(arrival?.placement, 'junk');
  assert.equal(arrival?.folder, 'Junk');
  assert.equal(code, 1);
});

test('without a mailbox nothing is sent', async (context) => {
  const { sandbox, smtp } = await sandboxWith(context);
  await sandbox.writeSettings(smtp.port);
  const { code, stderr } = await sandbox.run('test letter.md --read --to ada@sender.example');
  assert.equal(code, 2);
  assert.match(stderr, /There is no mailbox in the settings to find the test message in/);
  assert.equal(smtp.messages.length, 0);
});
