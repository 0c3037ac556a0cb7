import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DnsServer } from '../support/dnsServer.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { openEditor } from './harness/openEditor.ts';

// Mail servers of the names asked here are on this computer; the editor and its engine are told so.
process.env.ENVOI_LAB_ADDRESSES = '127.0.0.0/8';

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

test('direct delivery is checked from the list of plans, and what was found is told there', async (t) => {
  // Somebody else answers where Gmail should, as in networks that intercept port 25.
  const other = await SmtpServer.start({ steps: { greeting: '220 proxy.isp.example ESMTP' } });
  t.after(() => other.close());
  const dns = await DnsServer.start({
    'gmail.com': { MX: [{ preference: 5, exchange: 'gmail-smtp-in.l.google.com' }] },
    'gmail-smtp-in.l.google.com': { A: ['127.0.0.1'] },
  });
  t.after(() => dns.close());
  const office = { host: '127.0.0.1', port: 9, security: 'none', quota: '20/hour' };
  const readers = Array.from({ length: 60 }, (_, n) => `r${n}@gmail.com`);
  const editor = await openEditor(t, {
    files: { 'letter.md': letter, 'list.csv': `email\n${readers.join('\n')}\n` },
    settings: {
      'envoi.servers': { office },
      'envoi.route': ['office'],
      'envoi.direct': { dnsServers: [dns.name], port: other.port },
    },
  });
  await editor.openFile('letter.md');
  await editor.runCommand('Envoi: Plan and Rehearse…');
  const rows = editor.quickInput.locator('.monaco-list-row');
  const check = rows.filter({ hasText: 'Check Direct Delivery from This Computer' });
  await check.waitFor();
  await rows.filter({ hasText: 'left out until it has been checked from this computer' }).waitFor();
  await check.click();
  await rows.filter({ hasText: 'Direct delivery is not used: On port 25, another server responds' }).waitFor();
  assert.equal(await check.count(), 0, 'it is known now');
  await editor.screenshot('plan-direct');
  assert.equal(other.messages.length, 0, 'it is only greeted');
  const said = other.commands.filter((line) => !/^(?:EHLO|QUIT)/.test(line));
  assert.deepEqual(said, []);
});

test('without a server the button says that it goes directly, and one press sends it so', async (t) => {
  const smtp = await SmtpServer.start();
  t.after(() => smtp.close());
  const dns = await DnsServer.start({
    'post.example': { MX: [{ preference: 10, exchange: 'mx.post.example' }] },
    'mx.post.example': { A: ['127.0.0.1'] },
  });
  t.after(() => dns.close());
  const editor = await openEditor(t, {
    files: { 'letter.md': letter, 'list.csv': 'email\nann@post.example\nben@post.example\n' },
    settings: { 'envoi.direct': { dnsServers: [dns.name], port: smtp.port } },
  });
  await editor.openFile('letter.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  assert.match(await editor.dialogText(), /No server is set up: mail goes directly from this computer/);
  await editor.screenshot('confirmation-direct');
  assert.equal(smtp.messages.length, 0);
  await editor.pressButton('Send Directly to 2 Recipients');
  await editor.notification(/sent to all 2/).waitFor();
  assert.deepEqual(smtp.messages.flatMap(({ to }) => to).sort(), ['ann@post.example', 'ben@post.example']);
});
