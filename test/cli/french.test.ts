import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { modules, text } from '../repository/sources.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

const french = { LC_ALL: 'fr_FR.UTF-8' };

describe('in a French terminal the command speaks French', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  before(async () => {
    server = await SmtpServer.start({});
    sandbox = await Sandbox.make();
    await sandbox.writeSettings(server.port);
    await sandbox.write('list.csv', `email,name\n${'x@example.org,Ada\n'}bob@example.org,Bob\nnobody,N\n`);
  });
  after(async () => {
    await server.close();
    await sandbox.remove();
  });

  it('when it checks a letter', async () => {
    await sandbox.write('letter.md', letter.replace('Dear {{ name }}', 'Dear {{ nmae }}'));
    const { stderr, stdout, code } = await sandbox.run('check letter.md', french);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /letter\.md:7:\d+: erreur: La liste n’a pas de colonne «\snmae\s». Vouliez-vous dire «\sname\s»\s\?/,
    );
    assert.match(stderr, /list\.csv:4:1: avertissement: «\snobody\s»/);
    assert.match(stdout, /2 destinataires\s; 1 erreur, rien ne partirait/);
    await sandbox.write('letter.md', letter);
  });

  it('when it refuses, sends and reports', async () => {
    assert.match((await sandbox.run('send gone.md', french)).stderr, /Il n’y a pas de fichier gone\.md/);
    const { stdout, code } = await sandbox.run('send letter.md --yes', french);
    assert.equal(code, 0);
    assert.match(stdout, /Écartés +1 adresse non valide/);
    assert.match(stdout, /Terminée en \d+ s/);
    assert.match(stdout, /envoyé +2 +acceptés par le serveur suivant/);
    assert.match((await sandbox.run('status', french)).stdout, /campagne +état .*\n.*finie +2 +2 +0 +0/);
  });

  it('and English where no language is set', async () => {
    assert.match((await sandbox.run('send gone.md', { LC_ALL: 'C' })).stderr, /There is no file gone\.md/);
  });
});

it('nothing is printed without going through the translations', () => {
  const found = modules()
    .filter((path) => path.startsWith('src/cli'))
    .flatMap((path) =>
      [...text(path).matchAll(/\b(?:print|complain)\(\s*(['"`])(.*?)\1\s*,?\s*\)/gs)]
        .map((call) => (call[2] ?? '').replace(/\$\{[\s\S]*\}/g, ''))
        .filter((words) => /\p{L}{2,} \p{L}{2,}/u.test(words))
        .map((words) => `${path} ${words}`),
    );
  assert.deepEqual(found, []);
});
