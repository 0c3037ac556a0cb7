import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json } from '../repository/sources.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings, examples } from './harness/exampleLetter.ts';
import { openEditor } from './harness/openEditor.ts';
import { makePackage } from './harness/package.ts';

const MAX_BYTES = 2_000_000;
const MAY_SHIP =
  /^(package(\.nls(\.\w+)?)?\.json|(README|CHANGELOG|SUPPORT)\.md|LICENSE|docs\/(problems|places)(\.\w+)?\.md|dist\/[\w./-]+\.(cjs|js|css)|dist\/THIRD-PARTY-NOTICES\.txt|(media|l10n|syntaxes|schemas)\/[\w./-]+\.(css|js|png|svg|md|csv|json))$/;

test('the package holds what it needs and nothing else, and works where it is installed', async (t) => {
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
