import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { Sandbox } from '../../cli/sandbox.ts';
import { finished } from '../../main/runCli.ts';
import { SmtpServer } from '../../support/smtpServer.ts';

const faulty = resolve(import.meta.dirname, 'faulty.ts');
const total = 300;
const everybody = Array.from({ length: total }, (_, n) => `r${n}@d${n % 7}.example`).sort();

describe('an engine with an internal error', { skip: process.platform === 'win32' && 'signals' }, () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  before(async () => {
    server = await SmtpServer.start();
  });
  after(() => server.close());
  beforeEach(async () => {
    server.messages.length = 0;
    sandbox = await Sandbox.make();
  });
  afterEach(() => sandbox.remove());

  for (const [how, says] of [
    ['throws', /a fault of its own: Error: thrown where nobody catches\n +at /],
    ['rejects', /a fault of its own: Error: rejected where nobody looks\n +at /],
  ] as const)
    it(`ends with a log of what was in progress, and loses nobody and sends nobody two: it ${how}`, async () => {
      const args = [
        '--disable-warning=ExperimentalWarning',
        faulty,
        sandbox.state,
        String(server.port),
        String(total),
        how,
      ];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = finished(child);
      await server.received(20);
      child.kill('SIGUSR2');
      const { code, stdout, stderr } = await ended;
      assert.equal(code, 70, stdout + stderr);
      assert.match(stdout, says);
      assert.match(stdout, /under way: \S+ \(\d+ on their way, \d+ sent\)/);
      const before = server.messages.length;
      assert.ok(before < total, 'it was in the middle');
      const resumed = await sandbox.json('resume');
      assert.equal(resumed.code, 0, resumed.stderr);
      const got = server.messages.map(({ to }) => to[0] ?? '').sort();
      assert.deepEqual(got, everybody);
    });
});
