import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { openEditor } from './harness/openEditor.ts';

const letter = '---\nsubject: Hello\nfrom: Ada <ada@sender.example>\nkind: internal\nrecipients: list.csv\n---\nHi\n';
const list = `email\n${Array.from({ length: 60 }, (_, n) => `r${n}@d${n % 6}.example`).join('\n')}\n`;

test('a plan is applied with one click, and the whole campaign is rehearsed', async (t) => {
  const relay = await SmtpServer.start();
  t.after(() => relay.close());
  const office = { host: '127.0.0.1', port: relay.port, security: 'none', quota: '20/hour' };
  const editor = await openEditor(t, {
    files: { 'letter.md': letter, 'list.csv': list },
    settings: { 'envoi.servers': { office }, 'envoi.route': ['office', 'direct'] },
  });
  await editor.openFile('letter.md');
  await editor.runCommand('Envoi: Plan and Rehearse…');
  await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Safest' }).first().waitFor();
  await editor.screenshot('plan');
  await editor.pick(/Safest/);
  const route = async () => JSON.parse(await editor.settingsText())['envoi.route'];
  await editor.until(route, (now) => JSON.stringify(now) === '["office"]', 'the route to be set');

  await editor.runCommand('Envoi: Plan and Rehearse…');
  await editor.pick(/ordinary day/i);
  const page = await editor.frameWith('main h1');
  const told = page.getByText(/Rehearsal \(nothing was sent\)/).first();
  await told.waitFor();
  const text = await page.locator('main').innerText();
  assert.match(text, /60/);
  assert.match(text, /office/);
  await editor.screenshot('rehearsal');
  assert.equal(relay.messages.length, 0);
});
