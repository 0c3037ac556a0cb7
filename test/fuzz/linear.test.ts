import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Parser, parse } from './parsers.ts';

/*
 * What hung us, and its relatives: each parser on texts that make a careless one take time that grows faster than the text. Eight
 * times the length may take little more than eight times the CPU; a quadratic one takes sixty-four. Times below the floor say nothing.
 */
const SHORT = 10_000;
const LONG = 80_000;
const FLOOR_MS = 25;
const MOST = 20;

const blanks = (n: number) => ' '.repeat(n);
const rows: Partial<Record<Parser, Record<string, (n: number) => string>>> = {
  mailbox: {
    blanks: (n) => `a${blanks(n)}b`,
    'blanks before an angle': (n) => `${blanks(n)}<a@b`,
    'a quote that never ends': (n) => `"${'\\a'.repeat(n / 2)}`,
    angles: (n) => `${'<'.repeat(n)}>`,
    ats: (n) => '@'.repeat(n),
    dots: (n) => `a@${'b.'.repeat(n / 2)}`,
  },
  csv: {
    'one long header': (n) => 'a'.repeat(n),
    'empty lines': (n) => '\n'.repeat(n),
    'a cell of blanks': (n) => `email,name\na@example.org,${blanks(n)}x\n`,
    'a quote that never ends': (n) => `email,name\na@example.org,"${'x\n'.repeat(n / 2)}`,
    'an address of brackets': (n) => `email\n${'('.repeat(n)}\n`,
    tabs: (n) => `'a'${'\t'.repeat(n)}x`,
    ats: (n) => `email\n${'a@'.repeat(n / 2)}\n`,
  },
  frontMatter: {
    blanks: (n) => `subject:${blanks(n)}x`,
    dashes: (n) => '- '.repeat(n / 2),
    colons: (n) => 'a:'.repeat(n / 2),
    brackets: (n) => '['.repeat(n / 10),
  },
  document: {
    'a comment of blanks': (n) => `<!--${blanks(n)}x`,
    'comments left open': (n) => '<!--'.repeat(n / 4),
    'fences with blanks': (n) => `<!--\n---\n${`...${blanks(100)}x\n`.repeat(n / 104)}`,
  },
  smtpReplies: {
    'one line': (n) => `250 ${'x'.repeat(n)}`,
    'many lines': (n) => '250-x\r\n'.repeat(n / 7),
    'no line': (n) => '\r'.repeat(n),
  },
  dns: {
    zeros: (n) => '\0'.repeat(n),
    pointers: (n) => '\xc0\x0c'.repeat(n / 2),
  },
  pipe: {
    'a header without an end': (n) => 'Content-Length: 1\r\n'.repeat(n / 19),
    frames: (n) => 'Content-Length: 1\r\n\r\nx'.repeat(n / 22),
  },
  settings: {
    brackets: (n) => '['.repeat(n),
    blanks: (n) => `{"envoi.from": "a${blanks(n)}b"}`,
    keys: (n) => `{${Array.from({ length: n / 20 }, (_, i) => `"envoi.k${i}": 1`).join(',')}}`,
    comments: (n) => '/*'.repeat(n / 2),
    outputs: (n) => `{"envoi.unsubscribe": {"url": "https://${'{{'.repeat(n / 2)}"}}`,
  },
  cell: {
    blanks: (n) => `a${blanks(n)}b`,
    newlines: (n) => '\n'.repeat(n),
    'blanks and newlines': (n) => `a${' \n'.repeat(n / 2)}b`,
  },
  markdown: {
    'blanks in text': (n) => `a${blanks(n)}b`,
    'blanks in code': (n) => `\`a${blanks(n)}b\``,
  },
  // What a whole letter of them costs, when it is sent and checked too, is held in test/compose/hostileSize.test.ts.
  html: {
    'tags left open': (n) => '<a '.repeat(n / 3),
    'attributes left open': (n) => `<p class="${'a '.repeat(n / 2)}`,
    'comments left open': (n) => '<!--'.repeat(n / 4),
    'conditional comments': (n) => `<!--[if mso]>${"src='".repeat(n / 5)}`,
    'elements in elements': (n) => '<b>'.repeat(n / 3),
  },
  css: {
    'comments left open': (n) => '/*a'.repeat(n / 3),
    'braces left open': (n) => 'p{'.repeat(n / 2),
    brackets: (n) => `.a{color:${'('.repeat(n)}}`,
    'quotes left open': (n) => `.a{content:${'"\\'.repeat(n / 2)}}`,
    ancestors: (n) => `${'.a '.repeat(n / 3)}{color:red}`,
    'nested :not': (n) => `${':not('.repeat(n / 5)}.a{color:red}`,
    commas: (n) => `${'.a,'.repeat(n / 3)}.a{color:red}`,
    'blanks before !important': (n) => `.a{color:red${blanks(n)}!important}`,
  },
  liquid: {
    blanks: (n) => blanks(n),
    names: (n) => 'a.'.repeat(n / 2),
    filters: (n) => `a${' | upcase'.repeat(n / 9)}`,
    'quotes left open': (n) => '"'.repeat(n),
    'brackets left open': (n) => '['.repeat(n),
    'words that join': (n) => `a${' a'.repeat(n / 2)}`,
  },
};

for (const [name, texts] of Object.entries(rows) as [Parser, Record<string, (n: number) => string>][])
  for (const [what, text] of Object.entries(texts))
    test(`${name}: ${what}: the time grows with the text, not with its square`, async () => {
      const [short, long] = [await best(name, text(SHORT)), await best(name, text(LONG))];
      const ratio = Math.max(long, FLOOR_MS) / Math.max(short, FLOOR_MS);
      assert.ok(ratio <= MOST && long < 5_000, `${short.toFixed(1)} ms, then ${long.toFixed(1)} ms`);
    });

/** CPU time of the best of five runs; a run that took long already is not repeated. */
async function best(name: Parser, text: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 5; n++) {
    const before = process.cpuUsage();
    await parse(name, text);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
    if (least > 1_000 || least < 2) break;
  }
  return least;
}
