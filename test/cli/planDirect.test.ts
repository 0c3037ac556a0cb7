import assert from 'node:assert/strict';
import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { keepStanding } from '../../src/engine/directRecord.ts';
import { closeDatabase, openDatabase } from '../../src/engine/queue/store/database.ts';
import { LimitStore } from '../../src/engine/queue/store/limitStore.ts';
import { directCodes } from '../../src/shared/directStanding.ts';
import { msg } from '../../src/shared/errors.ts';
import type { EvidenceItem, EvidenceState } from '../../src/shared/evidence.ts';
import { DnsServer } from '../support/dnsServer.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

const asked = (state: EvidenceState): EvidenceItem[] =>
  directCodes.map((code) => ({ code, state, text: msg('this network blocks port 25'), found: '' }));

/** Somebody with no server, whose readers' mail server is on loopback. */
async function bareSandbox(context: TestContext, more: object = {}) {
  const smtp = await SmtpServer.start();
  const dns = await DnsServer.start({
    'example.org': { MX: [{ preference: 10, exchange: 'mx.example.org' }] },
    'mx.example.org': { A: ['127.0.0.1'] },
  });
  const sandbox = await Sandbox.make();
  context.after(async () => {
    await sandbox.remove();
    await dns.close();
    await smtp.close();
  });
  const direct = { dnsServers: [dns.name], port: smtp.port };
  await sandbox.write('envoi.json', JSON.stringify({ 'envoi.direct': direct, ...more }));
  return { sandbox, smtp, env: { ENVOI_LAB_ADDRESSES: '127.0.0.0/8' } };
}

test('nothing is sent directly from a computer without a server before a person has chosen that, and the reason is given', async (context) => {
  const { sandbox, smtp, env } = await bareSandbox(context);
  const refused = await sandbox.run('send letter.md --yes', env);
  assert.equal(refused.code, 2, refused.stdout);
  assert.match(refused.stderr, /No server is set up: mail goes directly from this computer/);
  assert.match(refused.stderr, /set envoi\.route to \["direct"\]/);
  keepStanding(sandbox.state, asked('failed'), Date.now());
  const failed = await sandbox.run('send letter.md --yes', env);
  assert.match(failed.stderr, /failed the last check from this computer: this network blocks port 25/);
  assert.equal(smtp.messages.length, 0);
});

test('direct delivery that has passed the check, or is in the route, works as before', async (context) => {
  const { sandbox, smtp, env } = await bareSandbox(context);
  keepStanding(sandbox.state, asked('passed'), Date.now());
  const passed = await sandbox.run('send letter.md --yes', env);
  assert.equal(passed.code, 0, passed.stderr);
  assert.equal(smtp.messages.length, 3);
  const chosen = await bareSandbox(context, { 'envoi.route': ['direct'] });
  const sent = await chosen.sandbox.run('send letter.md --yes', chosen.env);
  assert.equal(sent.code, 0, sent.stderr);
  assert.equal(chosen.smtp.messages.length, 3);
  // Mail that went is proof enough: nobody is asked again.
  await chosen.sandbox.write(
    'envoi.json',
    (await readFile(join(chosen.sandbox.folder, 'envoi.json'), 'utf8')).replace(
      '"envoi.route":["direct"]',
      '"envoi.route":[]',
    ),
  );
  const again = await chosen.sandbox.run('send letter.md --yes --again', chosen.env);
  assert.equal(again.code, 0, again.stderr);
});

test('what “plan” knows of direct delivery is the result of the last check', async (context) => {
  const smtp = await SmtpServer.start();
  const sandbox = await Sandbox.make();
  context.after(async () => {
    await sandbox.remove();
    await smtp.close();
  });
  await sandbox.writeSettings(smtp.port, { quota: ['10/hour'] });
  await sandbox.writeList(100);
  const plans = async () => {
    const { lines, stderr } = await sandbox.json('plan letter.md');
    const told = lines as { event: string; aim?: string; text?: string }[];
    const aims = told.filter(({ event }) => event === 'plan').map(({ aim }) => aim);
    const advice = told.filter(({ event }) => event === 'advice').map(({ text }) => text);
    return { aims, advice: advice.join('\n'), stderr };
  };
  const unknown = await plans();
  assert.deepEqual(unknown.aims, ['safest'], unknown.stderr);
  assert.match(unknown.advice, /left out until it has been checked from this computer/);
  keepStanding(sandbox.state, asked('failed'), Date.now());
  assert.match((await plans()).advice, /Direct delivery is not used: this network blocks port 25/);
  keepStanding(sandbox.state, asked('passed'), Date.now());
  assert.ok((await plans()).aims.includes('steady'));
});

test('“plan --apply” sets the limit, too, that an in-depth test found', async (context) => {
  const smtp = await SmtpServer.start();
  const sandbox = await Sandbox.make();
  context.after(async () => {
    await sandbox.remove();
    await smtp.close();
  });
  await sandbox.writeSettings(smtp.port, { quota: ['1000/day'] });
  const database = await openDatabase(sandbox.state);
  new LimitStore(database).keepProbe(`@127.0.0.1:${smtp.port}`, {
    ...{
      at: Date.now(),
      ended: 'complete',
      messages: 84,
      tookMs: 90_000,
      text: '450 4.7.1 too much mail',
      arrived: null,
    },
    ...{ connections: { limit: null, seen: 2 }, perConnection: { limit: null, seen: 50 } },
    refusedAfter: 60,
    rate: { shape: 'window', count: 60, perMs: 60_000 },
  });
  closeDatabase(database);
  await chmod(join(sandbox.folder, 'envoi.json'), 0o600);
  const { code, stdout, stderr } = await sandbox.run('plan letter.md --apply 1');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /office accepts at most 60\/minute; this limit will be set, too/);
  assert.equal((await stat(join(sandbox.folder, 'envoi.json'))).mode & 0o777, 0o600, 'still only for its owner');
  const written = JSON.parse(await readFile(join(sandbox.folder, 'envoi.json'), 'utf8'));
  assert.deepEqual(written['envoi.servers'].office.quota, ['1000/day', '60/minute']);
  const { lines } = await sandbox.json('plan letter.md');
  assert.equal(JSON.stringify(lines).includes('"limits":{"office"'), false, 'nothing is left to set');
});
