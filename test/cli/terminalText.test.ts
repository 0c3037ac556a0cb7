import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bold, safe, table } from '../../src/cli/terminal.ts';
import { cut, displayWidth } from '../../src/shared/displayWidth.ts';

describe('text on the terminal', () => {
  const rows: [name: string, given: string, shown: string][] = [
    ['keeps words, accents and other scripts', 'Élodie 李小龍 نور 🔭', 'Élodie 李小龍 نور 🔭'],
    ['gives a stranger no colour', '\u001b[1mbold\u001b[0m', '�[1mbold�[0m'],
    ['keeps line ends', 'a\nb', 'a\nb'],
    ['cannot move the cursor', '\u001b[2J\u001b[1;1Hgone', '�[2J�[1;1Hgone'],
    ['cannot set the title', '\u001b]0;owned\u0007', '�]0;owned�'],
    ['cannot go back to overwrite', 'Nothing was sent\rEverything', 'Nothing was sent�Everything'],
    ['cannot turn the text round', 'exe.\u202egpj', 'exe.�gpj'],
    ['cannot use C1 controls', '\u009b2J', '�2J'],
  ];
  for (const [name, given, shown] of rows) it(name, () => assert.equal(safe(given), shown));

  const widths: [text: string, columns: number][] = [
    ['', 0],
    ['plain', 5],
    ['李小龍', 6],
    ['한글 か゛', 9],
    ['e\u0301te\u0301', 3],
    ['نور', 3],
    ['🔭👩‍👩‍👧🇫🇷', 6],
    ['a\u200bb', 2],
  ];
  for (const [text, columns] of widths)
    it(`takes ${columns} columns: ${JSON.stringify(text)}`, () => assert.equal(displayWidth(text), columns));

  it('is cut between characters, to the available columns', () => {
    assert.equal(cut('李小龍 news', 6), '李小…');
    assert.equal(cut('李小龍', 6), '李小龍');
    assert.equal(cut('👩‍👩‍👧👩‍👩‍👧', 3), '👩‍👩‍👧…');
  });

  it('is padded by its visible width, not by its colour codes', () => {
    assert.equal(
      table(
        [
          [bold('a'), 'x'],
          ['abc', 'y'],
        ],
        '',
      ),
      `${bold('a')}    x\nabc  y`,
    );
  });

  it('is cut with an ellipsis', () => {
    assert.equal(cut('abcdef', 4), 'abc…');
    assert.equal(cut('abcd', 4), 'abcd');
  });
});
