import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { brokenLetters, settings } from '../letter/brokenLetters.ts';
import { jsonLines, runCli } from '../main/runCli.ts';
import { makeSandbox, openEditorIn } from './harness/openEditor.ts';

interface Problem {
  code: string;
  text: string;
  file: string;
  line: number;
}
interface Found {
  folder: string;
  problems: Problem[];
  missed?: string;
}

/** What does not look like a letter is told of when it is asked for: a README may begin with a list between rules. */
const asked = (code: string) => ['frontMatterShape', 'mjml'].includes(code);
/** Settings that no schema knows cannot be written through the editor: the file of settings tells of them there. */
const unwritable = (code: string) => code === 'unknownSetting';
const cases = brokenLetters
  .filter(({ code }) => !unwritable(code))
  .map((broken, at) => ({
    ...broken,
    asked: asked(broken.code),
    folder: `${String(at).padStart(2, '0')}-${broken.code}`,
  }));
const ofSettings = (at: string) => at.startsWith('envoi.');

/** A key's path starts at the file of settings, which is another one for the editor and for the command. */
function keysIn({ folder, settings: changes }: (typeof cases)[number], workspace: string): typeof changes {
  const dkim = (changes as { 'envoi.dkim'?: Record<string, { selector: string; privateKeyFile: string }> })?.[
    'envoi.dkim'
  ];
  if (!dkim) return changes;
  const absolute = Object.entries(dkim).map(([domain, key]) => [
    domain,
    { ...key, privateKeyFile: join(workspace, folder, key.privateKeyFile) },
  ]);
  return { ...changes, 'envoi.dkim': Object.fromEntries(absolute) };
}

/** What the command finds in one of the folders. */
async function checked(workspace: string, broken: (typeof cases)[number]) {
  const { folder, letter } = broken;
  const changes = keysIn(broken, workspace);
  const all = Object.entries({ ...settings, ...changes }).filter(([, value]) => value !== null);
  const config = join(workspace, '..', `${folder}.json`);
  await writeFile(config, JSON.stringify(Object.fromEntries(all)));
  const { stdout } = await runCli(['check', join(folder, letter), '--json', '--config', config], { cwd: workspace });
  return jsonLines(stdout)
    .filter(({ event }) => event === 'finding' || event === 'refused')
    .map(
      ({ code, text, file, line }) => ({ code, text, file: String(file).replace(`${folder}/`, ''), line }) as Problem,
    );
}

test('the editor and the command line report the same findings, at the same place, in the same words', async (t) => {
  const sandbox = await makeSandbox(t, {});
  const { workspace } = sandbox;
  for (const { folder, files } of cases) {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(workspace, folder, name)), { recursive: true });
      await writeFile(join(workspace, folder, name), content);
    }
  }
  const here = cases.map((broken) => ({ ...broken, settings: keysIn(broken, workspace) }));
  await writeFile(join(workspace, 'cases.json'), JSON.stringify({ cases: here, base: settings }));
  const hostTests = resolve(import.meta.dirname, 'harness/collectProblems.cjs');
  const editor = await openEditorIn(t, sandbox, { settings, hostTests });
  await editor.hostTestsEnded;
  const found: Found[] = JSON.parse(await readFile(join(workspace, 'found.json'), 'utf8'));

  const differences: object[] = [];
  for (const broken of cases) {
    const { problems = [], missed } = found.find(({ folder }) => folder === broken.folder) ?? {};
    const command = await checked(workspace, broken);
    const about = (list: readonly Problem[]) =>
      list
        .filter(({ code }) => code === broken.code)
        // A setting is told of at the top of the letter here, and at its line in its own file there.
        .map(({ code, text, file, line }) => (ofSettings(broken.at) ? { code, text } : { code, text, file, line }));
    const [here, there] = [about(problems), about(command)];
    if (missed || here.length === 0 || JSON.stringify(here) !== JSON.stringify(there))
      differences.push({ code: broken.code, missed, editor: here, command: there });
  }
  assert.deepEqual(differences, []);
});
