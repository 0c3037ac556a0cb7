import { test } from 'node:test';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import { Dovecot } from '../support/dovecot.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings } from './harness/exampleLetter.ts';
import { openEditor } from './harness/openEditor.ts';

test('a test is read back from one’s own mailbox: where it is, and the results of its server’s checks', async (t) => {
  await ensurePackages(imapPackages);
  const sink = await SmtpServer.start();
  const dovecot = await Dovecot.start();
  t.after(async () => {
    await sink.close();
    await dovecot.stop();
  });
  const home = { host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user };
  const editor = await openEditor(t, {
    files: { 'spring.md': '---\nsubject: Spring\nkind: internal\n---\n\nHello.\n' },
    settings: {
      ...(await exampleSettings(sink.port)),
      'envoi.testRecipients': [dovecot.user],
      'envoi.mailboxes': { home: { ...home, authServer: 'mx.sender.example' } },
    },
  });
  await editor.openFile('spring.md');
  await editor.runCommand('Envoi: Send Test…');
  const told = editor.notification('The test was sent to');
  await told.waitFor();
  const own = 'Authentication-Results: mx.sender.example; dkim=fail header.d=sender.example\r\n';
  await dovecot.deliver(`${own}${sink.messages[0]?.data.toString('latin1')}`, '.Junk');
  await told.getByText('Check Arrival').click();
  await editor.answer(dovecot.password);
  await editor.quickInput.getByText('home: in junk (Junk)').waitFor();
  await editor.quickInput.getByText('DKIM: fail (header.d=sender.example)').waitFor();
  await editor.page.keyboard.press('Escape');
});
