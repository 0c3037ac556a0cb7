import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

test('the servers are listed, with the limit that one of them enforced and the setting that respects it', async (context) => {
  const sandbox = await Sandbox.make();
  let taken = 0;
  const refusal = '550 Domain sender.example has exceeded the max emails per hour (2/2 (100%)) allowed';
  const office = await SmtpServer.start({ steps: { RCPT: () => (++taken > 2 ? refusal : undefined) } });
  const spare = await SmtpServer.start({});
  context.after(async () => {
    await office.close();
    await spare.close();
    await sandbox.remove();
  });
  const server = (port: number) => ({ host: '127.0.0.1', port, security: 'none', auth: 'none' });
  await sandbox.writeList(6);
  await sandbox.writeSettings(
    office.port,
    {},
    {
      'envoi.servers': { office: { ...server(office.port), maxConnections: 1 }, spare: server(spare.port) },
      'envoi.route': ['office', 'spare'],
    },
  );
  const before = await sandbox.run('servers');
  assert.match(before.stdout, /office .*127\.0\.0\.1:\d+.*not used yet/);
  assert.equal((await sandbox.json('send letter.md --yes')).code, 0);
  assert.deepEqual([office.messages.length, spare.messages.length], [2, 4]);
  const { stdout } = await sandbox.run('servers');
  assert.match(stdout, /This server rejected mail after 2\/hour, \d/);
  assert.match(stdout, /"quota": \["2\/hour"\] in envoi\.servers\.office/);
  const { lines } = await sandbox.json('servers');
  const learned = lines.map(({ server: name, learned: limit }) => {
    const { count, perMs } = (limit ?? {}) as { count?: number; perMs?: number };
    return [name, limit && [count, perMs]];
  });
  assert.deepEqual(learned, [
    ['office', [2, 3_600_000]],
    ['spare', null],
  ]);
});
