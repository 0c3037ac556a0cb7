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

  it('when a server cannot be reached, in the sentence and in its test', async () => {
    const gone = await SmtpServer.start({});
    await sandbox.writeSettings(gone.port);
    await gone.close();
    const { stderr, code } = await sandbox.run('send letter.md --yes --again', french);
    assert.equal(code, 2);
    assert.match(stderr, /est injoignable\s: connexion refusée par 127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Vérifiez/);
    const tested = await sandbox.run('servers test office', french);
    assert.match(tested.stdout, /✗ +Connexion +connexion refusée par 127\.0\.0\.1:\d+ \(ECONNREFUSED\)\n/);
    assert.match((await sandbox.run('servers test office')).stdout, /✗ +Connection +connect ECONNREFUSED 127/);
    await sandbox.writeSettings(server.port);
  });

  it('when a server takes smaller messages only: in the sentence, among the reasons, and for each reader', async () => {
    const small = await SmtpServer.start({ extensions: ['PIPELINING', 'SIZE 400'] });
    const apart = await Sandbox.make();
    try {
      await apart.writeSettings(small.port);
      const sizes = 'le message fait [\\d,]+\\sko\\s; le serveur en accepte 400\\so';
      const { stdout } = await apart.run('send letter.md --yes', french);
      assert.match(stdout, new RegExp(`Message trop volumineux \\(${sizes}\\)\\. Utilisez`));
      assert.match(stdout, /Message trop volumineux {2}office\s: le message fait/);
      const report = await apart.run('report', french);
      assert.match(report.stdout, new RegExp(`reader3@example\\.org +refusé +Message trop volumineux +${sizes}\\n`));
      // What scripts read stays as it is stored.
      const csv = await apart.run('report --csv -', french);
      assert.match(csv.stdout, /,\d+ bytes; the server takes 400,/);
      const english = await apart.run('report');
      assert.match(english.stdout, /Message too large {2}the message has [\d.]+ kB; the server takes 400 byte/);
    } finally {
      await small.close();
      await apart.remove();
    }
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
