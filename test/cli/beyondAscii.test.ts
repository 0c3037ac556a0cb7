import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SmtpServer, usualExtensions } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

describe('a reader whose address goes beyond ASCII before the @', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    await sandbox.write('list.csv', 'email,name\nélodie@bücher.example,Élodie\nada@example.org,Ada\n');
  });
  afterEach(async () => {
    await server.close();
    await sandbox.remove();
  });

  it('gets the letter where the server accepts such addresses: SMTPUTF8 for this one, the header in UTF-8, the domain as A-labels', async () => {
    server = await SmtpServer.start({ extensions: [...usualExtensions, 'SMTPUTF8'] });
    await sandbox.writeSettings(server.port);
    const { code, lines, stderr } = await sandbox.json('send letter.md --yes');
    assert.equal(code, 0, stderr);
    assert.equal(lines.at(-1)?.sent, 2);
    const mails = server.commands.filter((line) => line.startsWith('MAIL FROM') && line.includes('SIZE='));
    assert.deepEqual(mails.map((line) => line.includes('SMTPUTF8')).toSorted(), [false, true]);
    const [message] = server.messages.filter(({ to }) => to[0] === 'élodie@xn--bcher-kva.example');
    assert.match(message?.data.toString() ?? '', /^To: .*élodie@xn--bcher-kva\.example/m);
    const [other] = server.messages.filter(({ to }) => to[0] === 'ada@example.org');
    assert.match(other?.data.toString('latin1') ?? '', /^[\u0000-\u007f]*$/, 'the others’ mail stays ASCII');
  });

  it('is refused with an explanation where the server does not, and the others get theirs', async () => {
    server = await SmtpServer.start();
    await sandbox.writeSettings(server.port);
    const { code, stdout } = await sandbox.run('send letter.md --yes');
    assert.equal(code, 1);
    assert.deepEqual(
      server.messages.map(({ to }) => to[0]),
      ['ada@example.org'],
    );
    assert.match(stdout, /1 {2}Non-ASCII address not accepted {2}office: the server does not take/);
  });
});
