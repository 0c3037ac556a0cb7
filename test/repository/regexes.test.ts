import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallExpression, Literal, NewExpression, Node } from 'acorn';
import { analyse } from 'scslre';
import { repositoryFiles } from './sources.ts';
import { nodesOf } from './syntax.ts';

/*
 * Every regular expression in src is proven to take time linear in the text it is run on, by a checker that finds ambiguous
 * repetitions; or it is listed here with what bounds that text.
 */
const SETTING = 'a setting: at most 10,000 characters';
const REPLY = 'a server’s reply: at most 2,000 characters of text, 4,096 octets a line';
const CELL = 'run on at most 1,000 characters';
const BOUNDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'src/compose/css/inlineCss.ts': {
    '^\\s*(?:text\\/css)?\\s*$': 'the type of one style element',
    '^\\s*(?:(?:only\\s+)?screen|all)?\\s*$': 'the media of one style element',
  },
  'src/compose/html/embedFile.ts': { '[?#].*$': 'matches at its first beginning' },
  'src/compose/liquid/valueFilters.ts': { ',.*\\.': 'run on at most 40 characters' },
  'src/compose/message/unsubscribe.ts': { '=+$': 'the base64 of an address' },
  'src/compose/recipients/readAddress.ts': {
    '\\?[^@]*$': CELL,
    '[^\\s,;:<>()"]+@[^\\s,;:<>()"]+': CELL,
    '\\(([^()]*@[^()]*)\\)\\s*$': CELL,
  },
  'src/engine/delivery/addresses.ts': {
    '%.*$': 'an IP address',
    '(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)$': 'an IP address',
  },
  'src/engine/delivery/extensions.ts': { '^([A-Za-z0-9-]+)[ =]?(.*)$': REPLY },
  'src/engine/verdict/heardLimit.ts': {
    '(?:limits?|limite|maximum|max|quota|more than|over|allowed|plus de|mehr als|mas de|allowance)(?: \\w+){0,3}?(?: of| is| de| von| is set to)? ?[:=(]? ?(\\d[\\d,. ]*\\d|\\d)\\b':
      REPLY,
    '\\d+(?:\\.\\d+)? ?%': REPLY,
    '[,\\s.]+$': REPLY,
  },
  'src/host/language/liquidContext.ts': {
    '\\{%-?\\s*(\\w+)[\\s\\S]*?%\\}': 'each beginning has an end: the rest is cut off',
  },
  'src/host/language/listLens.ts': {
    '[^\\s,;"\'<>@]+@[^\\s,;"\'<>@]+\\.[^\\s,;"\'<>@]{2,}': 'run on 5,000 characters',
  },
  'src/host/language/quickFixes.ts': {
    '^\\{\\{(-?)\\s*([\\s\\S]*?)\\s*(-?)\\}\\}$': 'one output that a person asked to change',
  },
  'src/host/mask.ts': { '[^\\s<>"\'(),;:]+@[^\\s<>"\'(),;:]+': 'cut to 10,000 characters' },
  'src/host/openLetter/markLines.ts': {
    '\\{\\{[\\s\\S]*?\\}\\}|\\{%[\\s\\S]*?%\\}': 'not run with more than 200 beginnings left open',
  },
  'src/host/sending/sendTimes.ts': {
    '^\\s*(\\d{4})-(\\d{2})-(\\d{2})[ T](\\d{1,2}):(\\d{2})\\s*(Z|[+-]\\d{2}:?\\d{2})?\\s*$': 'typed by the person',
  },
  'src/letter/checks/deadLink.ts': { '^[^\\s@/]+@[^\\s@/]+\\.[^\\s@/]+$': 'run on at most 320 characters' },
  'src/shared/duration.ts': { '(\\d+(?:\\.\\d+)?)\\s*(ms|[smhd])': 'run on at most 60 characters' },
  'src/shared/serverReader.ts': { '^[0-9a-f:]+:[0-9a-f:.]*$': SETTING },
  'src/shared/settingsReader.ts': { '\\{\\{.*?\\}\\}': SETTING, '^.*<|>.*$': SETTING },
  'src/shared/subjectWords.ts': { '\\{\\{(.*?)\\}\\}': 'cut to 1,000 characters' },
};

const files = repositoryFiles().filter((path) => path.startsWith('src/') && path.endsWith('.ts'));

test('every regular expression in src is linear, or bounded by what is listed', () => {
  const found: string[] = [];
  let seen = 0;
  for (const path of files)
    for (const { node } of nodesOf(path)) {
      const literal = asRegex(node);
      if (!literal) continue;
      seen++;
      const { pattern, flags } = literal.regex;
      const { reports } = analyse({ source: pattern, flags });
      if (reports.length === 0) continue;
      if (BOUNDED[path]?.[pattern] === undefined)
        found.push(`${path}:${node.loc?.start.line} ${reports[0]?.type} /${pattern}/`);
    }
  assert.ok(seen > 500, `only ${seen} were found`);
  assert.deepEqual(found, []);
});

test('the checker knows the kinds that hung us', () => {
  for (const source of [
    '^\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^<>"]*?))\\s*<([^<>]*)>\\s*$',
    '[ \\t]+$',
    '\\s*!important',
    '^(?:a+)+$',
  ])
    assert.notEqual(analyse({ source, flags: '' }).reports.length, 0, source);
});

/** Made at run time out of parts: each is looked at by hand here. Their parts are literals, which the test above has seen. */
const MADE: readonly string[] = [
  'src/compose/css/inlineCss.ts',
  'src/compose/html/embedFile.ts',
  'src/compose/html/harden.ts',
  'src/compose/html/toText.ts',
  'src/compose/liquid/shield.ts',
  'src/compose/markdown/liquidRules.ts',
  'src/compose/recipients/shape.ts',
  'src/compose/values/readDate.ts',
  'src/compose/values/readNumber.ts',
  'src/engine/verdict/heardLimit.ts',
  'src/engine/verdict/vocabulary/words.ts',
  'src/host/openLetter/frontMatterEdit.ts',
  'src/host/openLetter/markLines.ts',
  'src/mailbox/freeBounce.ts',
  'src/shared/address.ts',
  'src/letter/clients/constructs.ts',
];

test('regular expressions that are made at run time are known', () => {
  const made = files.flatMap((path) => [...nodesOf(path)].filter(({ node }) => isRegExpCall(node)).map(() => path));
  assert.deepEqual(
    [...new Set(made)].filter((path) => !MADE.includes(path)),
    [],
  );
});

function asRegex(node: Node): (Literal & { regex: { pattern: string; flags: string } }) | null {
  const literal = node as Literal;
  return node.type === 'Literal' && literal.regex
    ? (literal as Literal & { regex: { pattern: string; flags: string } })
    : null;
}

function isRegExpCall(node: Node): boolean {
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return false;
  const { callee } = node as NewExpression | CallExpression;
  return callee.type === 'Identifier' && callee.name === 'RegExp';
}
