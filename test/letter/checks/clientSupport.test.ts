import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { caniemail, SUPPORT, trimmed } from '../../../scripts/clients.ts';
import { parseDocument } from '../../../src/compose/document/document.ts';
import type { AdviceInput } from '../../../src/letter/checks/check.ts';
import { clientSupport } from '../../../src/letter/checks/clientSupport.ts';
import { constructs } from '../../../src/letter/clients/constructs.ts';
import { format } from '../../../src/shared/errors.ts';
import { root } from '../../repository/sources.ts';

const found = (body: string, list?: object) => {
  const document = parseDocument(`---\nsubject: A\n---\n${body}\n`, 'letter.html');
  return clientSupport.check({ document, ...(list ? { list } : {}) } as unknown as AdviceInput);
};
const names = (body: string) => found(body).map(({ text: { args } }) => args[0]);

test('the data is that of caniemail, trimmed (npm run clients)', () => {
  assert.deepEqual(JSON.parse(readFileSync(`${root}/${SUPPORT}`, 'utf8')), trimmed(caniemail()));
});

test('what some programs do not show is reported at its place, once', () => {
  const body =
    '<div style="display:flex;position: absolute">x</div>\n<video src="a.mp4"></video>\n<form><input></form>\n<div style="display: flex">y</div>';
  assert.deepEqual(names(body), ['display:flex', 'position', '<video>', '<form>']);
  const [flex, , video] = found(body);
  assert.deepEqual([flex?.place.line, video?.place.line], [4, 5]);
  assert.match(
    format(flex?.text ?? { template: '', args: [] }),
    /^“display:flex” does not work in Outlook for Windows\b/,
  );
});

test('a gradient with a fallback color is not reported', () => {
  const gradient = 'background: linear-gradient(#a00, #00a)';
  assert.deepEqual(names(`<td style="background-color: #a00; ${gradient}">x</td>`), []);
  const both = `<td style="background-color: #a00; ${gradient}">x</td>\n<td style="${gradient}">y</td>`;
  assert.deepEqual(found(both)[0]?.place.line, 5);
});

test('words, other properties and what works everywhere are left alone', () => {
  assert.deepEqual(
    names(
      '<p style="background-position: top; flex-shrink: 1; text-transform: uppercase">flex video form: the position is grid</p><table><tr><td>x</td></tr></table>',
    ),
    [],
  );
});

test('it says how much of this list has its mailbox where such a program is used', () => {
  const list = { count: 200, providers: { microsoft365: 40, outlook: 22, google: 100 } };
  const [flex] = found('<p style="display:flex">x</p>', list);
  assert.match(
    format(flex?.text ?? { template: '', args: [] }),
    /31% of the recipients have their mailbox with these providers/,
  );
});

test('every construct is found where it is written', () => {
  for (const { name, pattern } of constructs) {
    const written = name.startsWith('<')
      ? name
      : name.startsWith('@')
        ? `${name} {`
        : name.endsWith('()')
          ? name
          : name === 'background-image'
            ? `${name}: url(x)`
            : name.includes(':')
              ? name
              : name === 'position'
                ? 'position: absolute'
                : `${name}: 1`;
    assert.match(written, pattern, name);
  }
});
