import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { help } from '../../src/cli/help.ts';
import { textWidth, wrap } from '../../src/cli/layout.ts';
import { displayWidth } from '../../src/shared/displayWidth.ts';
import { runCli } from '../main/runCli.ts';
import { scriptLacking, Terminal } from './terminal.ts';

const shownIn = async (language: string, ...words: string[]) =>
  (await runCli(words, { cwd: tmpdir(), env: { LC_ALL: language } })).stdout;

describe('the help of the command', () => {
  it('fits 80 columns, and those of a pipe', async () => {
    const texts = [help(undefined, 80), ...commands.map(({ name }) => help(name, 80))];
    for (const words of ['--help', 'plan --help', 'servers --help', 'unsubscribe-server --help'])
      texts.push(await shownIn('fr_FR.UTF-8', ...words.split(' ')));
    for (const text of texts) {
      assert.ok(text.split('\n').length > 4);
      for (const line of text.split('\n')) assert.ok(displayWidth(line) <= 80, line);
    }
  });

  it('begins its descriptions in the left half, one column for all', async () => {
    const lines = (await shownIn('C', '--help')).split('\n');
    const starts = lines.flatMap((line) => /^ {2}[a-z-]+ {2,}/.exec(line)?.[0].length ?? []);
    assert.equal(starts.length, commands.length);
    assert.deepEqual([...new Set(starts)].length, 1);
    assert.ok((starts[0] ?? 80) < 30);
  });

  it('uses the width of a wider terminal, and no more than the width of a narrow one', {
    skip: scriptLacking,
  }, async () => {
    const widest = async (columns: number) => {
      const terminal = new Terminal(['plan', '--help'], { cwd: tmpdir(), columns });
      assert.equal(await terminal.ended, 0);
      return Math.max(...terminal.text.split('\r\n').map(displayWidth));
    };
    assert.ok((await widest(60)) <= 60);
    const wide = await widest(120);
    assert.ok(wide > 80 && wide <= 100, `${wide}`);
  });

  it('is that of all commands where none is named, with exit code 0, however it is asked for', async () => {
    const asked = ['help', '--help', 'help --help', 'help help'].map((words) =>
      runCli(words.split(' '), { cwd: tmpdir() }),
    );
    for (const { code, stdout } of await Promise.all(asked)) {
      assert.equal(code, 0);
      assert.match(stdout, /envoi COMMAND --help/);
    }
  });

  it('is that of one command, asked for either way', async () => {
    const [before, after] = [await shownIn('C', 'help', 'send'), await shownIn('C', 'send', '--help')];
    assert.equal(before, after);
    assert.match(before, /^envoi send DOCUMENT/);
  });

  const widths: [columns: number | undefined, width: number][] = [
    [undefined, 80],
    [0, 80],
    [80, 80],
    [300, 100],
    [20, 50],
  ];
  for (const [columns, width] of widths)
    it(`is ${width} wide on ${columns} columns`, () => assert.equal(textWidth(columns), width));

  const texts: [text: string, lines: string[]][] = [
    ['', ['']],
    ['one two three', ['one two', 'three']],
    ['Vrai\u00a0? Non.', ['Vrai\u00a0?', 'Non.']],
    ['incomprehensible to', ['incomprehensible', 'to']],
  ];
  for (const [text, lines] of texts)
    it(`breaks at spaces only: ${JSON.stringify(text)}`, () => assert.deepEqual(wrap(text, 8), lines));
});
