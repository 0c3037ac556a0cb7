import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings, examples } from './harness/exampleLetter.ts';
import { openEditor, type Theme } from './harness/openEditor.ts';

const refusals = [
  '550 5.1.1 <nobody>: Recipient address rejected: User unknown',
  '550 5.7.1 Message refused by the recipient’s organisation',
  '452 4.2.2 The mailbox is full',
];

for (const theme of ['light', 'dark', 'highContrast'] satisfies Theme[]) {
  test(`the report shows the results of a campaign (${theme})`, async (t) => {
    let asked = 0;
    const sink = await SmtpServer.start({
      steps: { RCPT: () => (++asked % 9 === 0 ? refusals[(asked / 9) % 3] : undefined) },
    });
    t.after(() => sink.close());
    const editor = await openEditor(t, {
      copyOf: examples,
      settings: await exampleSettings(sink.port),
      theme,
      viewport: { width: 1360, height: 1000 },
    });
    await editor.openFile('newsletter.md');
    const offers = () => editor.offersCommand('Envoi: Send Newsletter…');
    await editor.until(offers, (offered) => offered, 'the palette to offer sending');
    await editor.runCommand('Envoi: Send Newsletter…');
    const question = await editor.dialogText();
    const total = Number(/Send to (\d+) recipients\?/.exec(question)?.[1]);
    await editor.pressButton(`Send to ${total} Recipients`);
    await editor.runCommand('Envoi: Show Report');
    const report = await editor.frameWith('.report .tile');
    const failed = () => report.locator('.tile[data-filter=failed] .tile-value').innerText();
    await editor.until(failed, (text) => Number(text) > 5, 'failures to be counted while it sends');
    await report.locator('.cause', { hasText: 'No such mailbox' }).waitFor();
    assert.match(await report.locator('.cause', { hasText: 'No such mailbox' }).innerText(), /550 5\.1\.1/);
    const sent = () => report.locator('.tile[data-filter=sent] .tile-value').innerText();
    await editor.until(sent, (text) => Number(text) > total / 2, 'most to be sent', 60_000);
    await report.locator('.tile[data-filter=failed]').click();
    await report.locator('.row.failed').first().waitFor();
    await report.locator('.row.failed .row-toggle').first().click();
    await report.locator('.attempts li').first().waitFor();
    await report.locator('h1').scrollIntoViewIfNeeded();
    await editor.screenshot(`report-${theme}`);
  });
}
