import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { runCli } from '../main/runCli.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

describe('which rows of a list get the letter', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    server = await SmtpServer.start({});
    await sandbox.writeSettings(server.port);
    await sandbox.write(
      'list.csv',
      'email,name,city\nann@x.example,Ann,Lyon\nbo@x.example,Bo,Paris\ncy@x.example,Cy,Lyon\n',
    );
  });
  afterEach(async () => {
    await server.close();
    await sandbox.remove();
  });
  const sentTo = () => server.messages.map(({ to }) => to[0]).sort();
  const head = (line: string) => letter.replace('kind: internal\n', `kind: internal\n${line}\n`);

  it('those that meet “where”, without those on a list under “except”', async () => {
    await sandbox.write('board.csv', 'Nom;Courriel\nCy;CY@x.example\n');
    await sandbox.write('letter.md', head(`where: city == "Lyon"\nexcept: board.csv`));
    const checked = await sandbox.run('check letter.md');
    assert.equal(checked.code, 0, checked.stderr);
    assert.match(checked.stdout, /Left out: 1 not selected by “where”, 1 on a list under “except”/);
    const sent = await sandbox.run('send letter.md --yes');
    assert.equal(sent.code, 0, sent.stderr);
    assert.deepEqual(sentTo(), ['ann@x.example']);
  });

  it('--where replaces the letter’s own', async () => {
    await sandbox.write('letter.md', head('where: city == "Lyon"'));
    const sent = await runCli([...sandbox.args('send letter.md --yes'), '--where', 'city == "Paris"'], {
      cwd: sandbox.folder,
      env: sandbox.person,
    });
    assert.equal(sent.code, 0, sent.stderr);
    assert.deepEqual(sentTo(), ['bo@x.example']);
  });

  it('a column that the list does not have, and invalid Liquid, are errors at their place', async () => {
    for (const [where, says] of [
      ['town == "Lyon"', /letter\.md:5:8: error: “where”: The list has no column “town”/],
      ['city == ', /letter\.md:5:8: error: “where”: /],
    ] as const) {
      await sandbox.write('letter.md', head(`where: '${where}'`));
      const { code, stderr } = await sandbox.run('send letter.md --yes');
      assert.equal(code, 2);
      if (where.startsWith('town')) assert.match(stderr, says);
    }
    assert.deepEqual(sentTo(), []);
  });

  it('a missing list under “except” forbids sending', async () => {
    await sandbox.write('letter.md', head('except: gone.csv'));
    const { code, stderr } = await sandbox.run('send letter.md --yes');
    assert.equal(code, 2);
    assert.match(stderr, /gone\.csv does not exist/);
  });
});
