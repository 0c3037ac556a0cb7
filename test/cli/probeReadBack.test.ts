import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import { finished, startCli } from '../main/runCli.ts';
import { Dovecot } from '../support/dovecot.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

const OTHER = 'grace@post.example';

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
  await sandbox.writeSettings(
    smtp.port,
    {},
    {
      'envoi.from': 'News <news@sender.example>',
      'envoi.testRecipients': [dovecot.user, OTHER],
      'envoi.mailboxes': { home: { host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user } },
    },
  );
  return { dovecot, smtp, sandbox };
}

type All = Awaited<ReturnType<typeof sandboxWith>>;

/** Tests the office with six messages, and puts those to the mailbox into it as its own server would. */
async function probe({ dovecot, smtp, sandbox }: All, boxes: readonly string[], words = '') {
  const cli = startCli(sandbox.args(`servers probe office --read --yes --messages 6 ${words}`), {
    cwd: sandbox.folder,
    env: { ...sandbox.person, ENVOI_PASSWORD_HOME: dovecot.password },
  });
  const ended = finished(cli);
  const from = smtp.messages.length;
  await smtp.received(from + 6);
  const own = smtp.messages.slice(from).filter(({ to }) => to[0] === dovecot.user);
  assert.equal(own.length, 3, 'the recipients get them in turn');
  for (const [nth, { data }] of own.entries()) await dovecot.deliver(data.toString('latin1'), boxes[nth]);
  return ended;
}

test('“servers probe --read” reports where the test messages to a mailbox arrived; those to others are not looked for', async (context) => {
  const all = await sandboxWith(context);
  const { code, stdout, stderr } = await probe(all, ['', '.Junk', '']);
  assert.match(
    stdout,
    /Of the test messages that could be looked for, 2 are in the inbox, 1 in junk and 0 have not arrived\./,
    stderr,
  );
  assert.equal(code, 1, 'a message in junk is no success');
  const { code: again, stdout: lines } = await probe(all, ['', '', ''], '--again --json');
  assert.deepEqual(JSON.parse(lines).arrived, { inbox: 3, junk: 0, missing: 0 });
  assert.equal(again, 0);
});

test('with a mailbox that cannot be read, or none, no test message is sent', async (context) => {
  const { sandbox, smtp, dovecot } = await sandboxWith(context);
  const wrong = await sandbox.run('servers probe office --read --yes', { ENVOI_PASSWORD_HOME: 'not this one' });
  assert.equal(wrong.code, 2, wrong.stderr);
  assert.match(wrong.stderr, /127\.0\.0\.1 refused the sign-in of ada@sender\.example/);
  await sandbox.writeSettings(
    smtp.port,
    {},
    { 'envoi.from': 'news@sender.example', 'envoi.testRecipients': [dovecot.user] },
  );
  const none = await sandbox.run('servers probe office --read --yes');
  assert.equal(none.code, 2, none.stderr);
  assert.match(none.stderr, /There is no mailbox in the settings to find the test message in/);
  assert.deepEqual(smtp.messages, []);
});
