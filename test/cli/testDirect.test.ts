import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DnsServer } from '../support/dnsServer.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

const lab = { ENVOI_LAB_ADDRESSES: '127.0.0.0/8' };

test('“servers test direct” tests the mail servers of the largest domains of a list, and sends nothing', async (context) => {
  const mx = await SmtpServer.start({});
  const dns = await DnsServer.start({
    'big.example': { MX: [{ preference: 10, exchange: 'mx.host.example' }] },
    'small.example': { MX: [{ preference: 10, exchange: 'mx.host.example' }] },
    'closed.example': { MX: [{ preference: 0, exchange: '.' }] },
    'mx.host.example': { A: ['127.0.0.1'] },
  });
  const sandbox = await Sandbox.make();
  context.after(async () => {
    await sandbox.remove();
    await mx.close();
    await dns.close();
  });
  await sandbox.writeSettings(1, {}, { 'envoi.direct': { port: mx.port, dnsServers: [`127.0.0.1:${dns.port}`] } });
  await sandbox.write('list.csv', 'email\na@small.example\nb@big.example\nc@big.example\nd@closed.example\n');
  const { code, lines } = await sandbox.json('servers test direct --recipients list.csv', lab);
  assert.equal(code, 1, JSON.stringify(lines));
  assert.deepEqual(
    lines.map((line) => [line.domain, line.ok]),
    [
      ['big.example', true],
      ['small.example', true],
      ['closed.example', false],
    ],
  );
  assert.ok(!mx.commands.some((line) => /^(MAIL|RCPT)/.test(line)), mx.commands.join(' '));
  const { stderr } = await sandbox.run('servers test direct', lab);
  assert.match(stderr, /--recipients/);
});
