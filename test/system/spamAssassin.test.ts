import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ensurePackages, onPath } from '../../scripts/lib/debianPackages.ts';
import { must } from '../../scripts/lib/run.ts';

const root = join(import.meta.dirname, '../..');
/** Points that speak against a message; what speaks for it is no excuse. Three of a filter's five are rejected by many. */
const MOST = 0.1;

const debian =
  process.platform === 'linux' && (onPath('spamassassin') !== undefined || onPath('apt-get') !== undefined);
const skip = debian ? false : 'SpamAssassin comes as a Debian package';

/** Layouts, languages and what Markdown can hold, beside the letters that are shipped. */
const written: Record<string, string> = {
  'preheader.md': 'subject: Winter hours\npreheader: When we are open in the holidays\n',
  'none.md': 'subject: Winter hours\nlayout: none\n',
  'rtl.md': 'subject: ساعت‌های زمستان\nlang: fa\npreheader: ساعت‌ها\n',
  'accented.md': 'subject: "{{ name }}, l’été à Évreux : où, quand, comment"\nlang: fr\naccent: "#b3261e"\n',
  'internal.md': 'subject: The kitchen on Friday\nkind: internal\n',
};
const body =
  '# Hello {{ name }}\n\nThe workshop closes at four on Thursday and opens again on Monday.\n\n| Day | Hours |\n| - | - |\n| Monday | 9–17 |\n\n- [x] heating\n\n> [!NOTE]\n> Bring a coat.\n\n[The whole plan](https://www.example.org/plan){.button}\n';

let folder = '';
before(async () => {
  if (skip) return;
  await ensurePackages([{ name: 'spamassassin', present: () => onPath('spamassassin') !== undefined }]);
  folder = await mkdtemp(join(tmpdir(), 'envoi-spam-'));
});
after(() => folder && rm(folder, { recursive: true }));

/** The letter as the command writes it for its first readers. */
async function render(letter: string, settings: string, readers: readonly number[]): Promise<string[]> {
  const out = `${letter}.out`;
  for (const reader of readers)
    await must(process.execPath, [
      join(root, 'dist/cli.cjs'),
      ...['render', letter, '--config', settings, '--recipient', String(reader), '--out', out],
    ]);
  return (await readdir(out)).map((name) => join(out, name));
}

/** Each rule that fired for each message, with its points. Local rules only: nothing is asked of the network. */
async function pointsOf(messages: readonly string[]): Promise<[rule: string, score: number][][]> {
  const scored = await must(
    'spamassassin',
    ['--local', '--nocreate-prefs', '--cf=add_header all Points _TESTSSCORES(|)_', '--cf=fold_headers 0', ...messages],
    { env: { ...process.env, HOME: folder, LC_ALL: 'C' } },
  );
  const points = [...scored.matchAll(/^X-Spam-Points: (.*)$/gm)].map(([, rules = '']) =>
    rules.split('|').map((rule): [string, number] => [rule.split('=')[0] ?? '', Number(rule.split('=')[1])]),
  );
  assert.equal(points.length, messages.length, scored.slice(0, 2000));
  return points;
}

test('SpamAssassin has nothing to say against templates, examples and layouts', {
  skip,
  timeout: 600_000,
}, async (t) => {
  await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  await cp(join(root, 'media/templates'), join(folder, 'templates'), { recursive: true });
  const settings = join(folder, 'examples/settings.json');
  const messages = await render(join(folder, 'examples/newsletter.md'), settings, [1, 2, 3, 5, 8]);
  for (const lang of ['en', 'fr'])
    for (const name of await readdir(join(folder, 'templates', lang)))
      if (name.endsWith('.md')) messages.push(...(await render(join(folder, 'templates', lang, name), settings, [1])));
  await writeFile(join(folder, 'list.csv'), 'email,name\nzoe@reader.example,Zoé\neve@reader.example,Eve\n');
  for (const [name, front] of Object.entries(written)) {
    await writeFile(join(folder, name), `---\n${front}recipients: list.csv\n---\n${body}`);
    messages.push(...(await render(join(folder, name), settings, [1, 2])));
  }
  assert.ok(messages.length >= 20, `${messages.length}`);

  const points = await pointsOf(messages);
  for (const [index, rules] of points.entries()) {
    const against = rules.filter(([, score]) => score > 0);
    const sum = against.reduce((all, [, score]) => all + score, 0);
    const name = (messages[index] ?? '').slice(folder.length + 1);
    assert.ok(sum <= MOST, `${name}: ${sum} for ${against.map(([rule, score]) => `${rule} ${score}`).join(', ')}`);
    assert.ok(
      rules.some(([rule]) => rule === 'HTML_MESSAGE'),
      `${name} was read`,
    );
  }
  t.diagnostic(`${messages.length} messages`);

  // And it would say something: words nobody is to see.
  const loud = join(folder, 'loud.html');
  const hidden = '<p style="color: #fefefe; background-color: #ffffff">Hidden words, and some more of them.</p>';
  await writeFile(
    loud,
    `---\nsubject: x\nlayout: none\nrecipients: list.csv\n---\n<html lang="en"><body bgcolor="#ffffff">${hidden}<p>{{ postal_address }} <a href="{{ unsubscribe_url }}">Leave</a></p></body></html>`,
  );
  const [heard] = await pointsOf(await render(loud, settings, [1]));
  assert.ok(
    heard?.some(([rule, score]) => rule === 'HTML_FONT_LOW_CONTRAST' && score > MOST),
    JSON.stringify(heard),
  );
});
