import assert from 'node:assert/strict';
import { test } from 'node:test';
import juice from 'juice';
import { parseDeclarations } from '../../../src/compose/css/parseSheet.ts';
import { randomLetter } from '../../support/randomLetters.ts';
import { composerOf, person } from '../letter.ts';

/** For each element in order, what each longhand is in the end, as the style attribute alone says it. */
function stylesOf(html: string): Record<string, string>[] {
  return [...html.matchAll(/<(?:div|p|span|h2|section)\b[^>]*>/g)].map(([tag]) => {
    const style = / style="([^"]*)"/.exec(tag)?.[1]?.replaceAll('&quot;', '"').replaceAll('&apos;', "'") ?? '';
    const atoms: Record<string, string> = {};
    const strong = new Set<string>();
    for (const { property, value, important, atoms: own } of parseDeclarations(style))
      for (const atom of own) {
        if (strong.has(atom) && !important) continue;
        if (important) strong.add(atom);
        atoms[atom] = `${property}: ${value.replaceAll('"', "'")}`;
      }
    return atoms;
  });
}

test('the styles written into elements are those that juice writes', async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const { html } = randomLetter(seed, { conditions: false });
    const composer = await composerOf(`---\nsubject: x\nlayout: none\n---\n${html}`, { path: 'a.html' });
    const ours = stylesOf((await composer.render(person())).html);
    const theirs = stylesOf(juice(html, { preserveImportant: true }));
    assert.deepEqual(ours, theirs, `seed ${seed}`);
  }
});
