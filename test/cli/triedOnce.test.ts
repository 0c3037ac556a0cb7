import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type SmtpScript, SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

describe('the server that is tested before a letter is sent', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
  });
  afterEach(async () => {
    await server.close();
    await sandbox.remove();
  });

  async function sends(script: SmtpScript, settings: object = {}) {
    server = await SmtpServer.start(script);
    await sandbox.writeSettings(server.port, { maxConnections: 1, ...settings });
    const { code, lines, stderr } = await sandbox.json('send letter.md --yes');
    assert.equal(code, 0, stderr);
    assert.equal(lines.at(-1)?.sent, 3);
    assert.deepEqual(server.messages.map(({ to }) => to[0]).sort(), [
      'reader1@example.org',
      'reader2@example.org',
      'reader3@example.org',
    ]);
  }

  it('is not connected to a second time', async () => {
    await sends({});
    assert.equal(server.connections, 1);
    assert.equal(server.commands.filter((line) => line.startsWith('EHLO')).length, 1);
  });

  it('is connected to again if it has closed the connection, without harm to anybody', async () => {
    await sends({ steps: { RSET: { say: '250 2.0.0 ok', close: true } } });
    assert.equal(server.connections, 2);
  });

  it('is connected to again if it no longer answers', async () => {
    await sends({ steps: { NOOP: '421 4.4.2 idle for too long' } });
    assert.equal(server.connections, 2);
  });
});
