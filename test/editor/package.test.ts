import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { must, plainNpmEnvironment } from '../../scripts/lib/run.ts';
import { json } from '../repository/sources.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings, examples } from './harness/exampleLetter.ts';
import { openEditor } from './harness/openEditor.ts';
import { makePackage } from './harness/package.ts';

const MAX_BYTES = 2_000_000;
const MAY_SHIP =
  /^(package(\.nls(\.\w+)?)?\.json|(README|CHANGELOG|SUPPORT)\.md|LICENSE|docs\/(problems|places)(\.\w+)?\.md|dist\/[\w./-]+\.(cjs|js|css)|dist\/THIRD-PARTY-NOTICES\.txt|(media|l10n|syntaxes|schemas)\/[\w./-]+\.(css|js|png|svg|md|csv|json))$/;

test('the package contains what it needs and nothing else, and works where it is installed', async (t) => {
  const made = await makePackage(t);
  t.diagnostic(`${(made.bytes / 1000).toFixed(0)} kB, ${made.files.length} files`);
  assert.ok(made.bytes < MAX_BYTES, `${made.bytes} bytes`);
  assert.deepEqual(
    made.files.filter((path) => !MAY_SHIP.test(path)),
    [],
  );
  const manifest = json('package.json');
  const needed = [
    'package.json',
    'package.nls.json',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    'dist/engine.cjs',
    'docs/problems.md',
    'docs/problems.fr.md',
    'dist/THIRD-PARTY-NOTICES.txt',
  ];
  for (const path of [...needed, manifest.main, manifest.bin.envoi, manifest.icon])
    assert.ok(made.files.includes(String(path).replace('./', '')), `${path} is missing`);

  await asCommand(t, made.folder);

  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const editor = await openEditor(t, {
    vsix: [made.vsix],
    copyOf: examples,
    settings: await exampleSettings(sink.port),
  });
  await editor.openFile('newsletter.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  const total = Number(/Send to (\d+) recipients\?/.exec(await editor.dialogText())?.[1]);
  await editor.pressButton(/^Send to/);
  await editor.notification(`sent to all ${total}`).waitFor();
  assert.equal(sink.messages.length, total);
});

/** README's other line: `npm install --global .` puts the command on the PATH, and it checks a letter anywhere. */
async function asCommand(t: TestContext, folder: string): Promise<void> {
  const prefix = await mkdtemp(join(tmpdir(), 'envoi-global-'));
  t.after(() => rm(prefix, { recursive: true, force: true }));
  const bin = process.platform === 'win32' ? prefix : join(prefix, 'bin');
  const path = [bin, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
  const env = { ...plainNpmEnvironment(), PATH: path, HOME: prefix };
  await must('npm', ['install', '--global', '--prefix', prefix, '--offline', '--no-audit', '--no-fund', '.'], {
    cwd: folder,
    env,
  });
  const away = join(prefix, 'away');
  await mkdir(away);
  await writeFile(
    join(away, 'letter.md'),
    '---\nsubject: Hello\nkind: internal\nrecipients: list.csv\n---\n\nHello.\n',
  );
  await writeFile(join(away, 'list.csv'), 'email\nada@example.org\n');
  await writeFile(join(away, 'envoi.json'), '{ "envoi.from": "Ada <ada@example.org>" }');
  const said = await must('envoi', ['check', 'letter.md'], { cwd: away, env });
  assert.match(said, /1 recipient; ready to send/);
}
