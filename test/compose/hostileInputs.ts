const repeat = (text: string, count: number) => text.repeat(count);
const html = (head: string, body: string) =>
  `<html lang="en"><head>${head}</head><body>${body}<a href="{{ unsubscribe_url }}">out</a></body></html>`;

export interface Hostile {
  name: string;
  /** `letter.md` or `letter.html`, without front matter, of about `size` repetitions. */
  html?: (size: number) => string;
  markdown?: (size: number) => string;
  /** A whole document, front matter and all. */
  whole?: (size: number) => string;
  /** A cell of the row that the letter is rendered for. */
  cell?: (size: number) => string;
}

/** Inputs over which a careless pattern or loop takes far longer than their length; sizes are in repetitions. */
export const hostileInputs: readonly Hostile[] = [
  { name: 'blanks in a cell', markdown: () => '{% if x %}{{ x }}{% endif %}', cell: (n) => `a${repeat(' ', n)}b` },
  {
    name: 'line ends in a cell',
    markdown: () => '{% if x %}{{ x }}{% endif %}',
    cell: (n) => `a${repeat('\n \t', n)}b`,
  },
  { name: 'dashes in a cell', markdown: () => '{% if x %}{{ x }}{% endif %}', cell: (n) => repeat('-- ', n) },
  {
    name: 'a number without end in a cell',
    markdown: () => '{{ x | times: 2 }}{{ x | date: "%d" }}',
    cell: (n) => repeat('1,', n),
  },
  {
    name: 'percent signs in a cell',
    html: () => '<a href="https://x.example/?a={{ x }}">x</a>',
    cell: (n) => repeat('%25', n),
  },
  { name: 'entities in a cell', html: () => '<a href="{{ x }}">x</a>', cell: (n) => repeat('&#106', n) },
  { name: 'CSS comments that never end', html: (n) => html(`<style>${repeat('/*a', n)}</style>`, 'x') },
  {
    name: 'blanks before !important',
    html: (n) => html(`<style>p { color: red${repeat(' ', n)}!important }</style>`, '<p>x</p>'),
  },
  { name: 'blanks before no !important', html: (n) => html('', `<p style="color: red${repeat(' ', n)}! x">x</p>`) },
  { name: 'open brackets in CSS', html: (n) => html(`<style>p { color: ${repeat('(', n)} }</style>`, '<p>x</p>') },
  { name: 'open braces in CSS', html: (n) => html(`<style>${repeat('p {', n)}</style>`, '<p>x</p>') },
  { name: 'open quotes in a style', html: (n) => html('', `<p style="${repeat("a:'", n)}">x</p>`) },
  {
    name: 'url( and blanks',
    html: (n) => html(`<style>p { background: ${repeat('url(   ', n)} }</style>`, '<p>x</p>'),
  },
  { name: '@import and blanks', html: (n) => html(`<style>${repeat('@import  ', n)};</style>`, '<p>x</p>') },
  {
    name: 'many rules',
    html: (n) => html(`<style>${repeat('.a { color: red }\n', n / 8)}</style>`, '<p class="a">x</p>'),
  },
  {
    name: 'many rules under conditions',
    html: (n) =>
      html(
        `<style>${repeat('@media (max-width: 9px) { .a { color: red } }\n.a { color: blue }', n / 40)}</style>`,
        '<p class="a">x</p>',
      ),
  },
  { name: 'many selectors', html: (n) => html(`<style>${repeat('p,', n / 8)}p { color: red }</style>`, '<p>x</p>') },
  { name: 'many style elements', html: (n) => html(repeat('<style>p { color: red }</style>', n / 8), '<p>x</p>') },
  {
    name: 'many elements under ~',
    html: (n) =>
      html(
        '<style>* [x] ~ * { color: red } * ~ * ~ * { margin: 0 } p + p { margin: 1px } p:nth-child(3) { margin: 0 }</style>',
        repeat('<p x>y</p>', n / 8),
      ),
  },
  {
    name: 'many elements under *',
    html: (n) => html('<style>* { margin: 0 } * * * { color: red }</style>', repeat('<p><b><i>y</i></b></p>', n / 8)),
  },
  {
    name: 'classes chosen by values',
    html: (n) =>
      html(
        `<style>${repeat('.a .b { color: red } .b:first-child { margin: 0 } ', n / 200)}</style>`,
        repeat('<div class="a {% if x %}b{% endif %}"><p class="{{ x }}">y</p>{% if x %}z{% endif %}</div>', n / 100),
      ),
  },
  {
    name: 'a long class that a value ends',
    html: (n) =>
      html(
        '<style>.a { color: red } .b p { margin: 0 }</style>',
        `<p class="${repeat('a', n)}{{ x }}${repeat(' b', n)}">y</p>`,
      ),
  },
  {
    name: 'many ancestors',
    html: (n) =>
      html(
        `<style>${repeat('.a .b .a .b .c { color: red }', n / 100)}</style>`,
        repeat(`${repeat('<div class="a">', 50)}<b class="c">x</b>${repeat('</div>', 50)}`, n / 800),
      ),
  },
  {
    name: 'long selectors',
    html: (n) => html(`<style>${repeat('.a ', n)}{ color: red }</style>`, '<p class="a">x</p>'),
  },
  { name: 'file: images', html: (n) => html('', repeat('<img src="file:///a.png" alt="">', n / 8)) },
  { name: 'nested elements', html: (n) => html('<style>div div div { color: red }</style>', repeat('<div>', n / 4)) },
  {
    name: 'nested inline elements',
    html: (n) => html('', `${repeat('<span>', 390)}${repeat('x<b>y</b>', n / 8)}<p>z</p>`),
  },
  { name: 'blanks in a text', html: (n) => html('', `<p>a${repeat(' ', n)}b</p>`) },
  { name: 'blanks in code', html: (n) => html('', `<pre>a${repeat(' ', n)}b</pre><code>a${repeat(' ', n)}b</code>`) },
  { name: 'blanks and line ends in a text', html: (n) => html('', `<p>${repeat(' \n\t', n)}</p>`) },
  { name: 'pre without end', html: (n) => html('', repeat('<pre x', n)) },
  { name: 'a comment that begins and blanks', whole: (n) => `<!--${repeat(' ', n)}x` },
  { name: 'comments that begin', html: (n) => html('', repeat('<!--', n)) },
  {
    name: 'conditional comments with blanks',
    html: (n) => html('', `<!--[if mso]>${repeat('src= style= href =', n / 8)}${repeat(' ', n)}<![endif]-->`),
  },
  {
    name: 'a condition and blanks',
    html: (n) => html(`<!--[if ${repeat(' ', n)}]><style>p{color:red}</style>`, '<p>x</p>'),
  },
  { name: 'many images', html: (n) => html('', repeat('<img src="https://x.example/a.png" alt="">', n / 4)) },
  {
    name: 'many missing images',
    html: (n) =>
      html('', Array.from({ length: Math.ceil(n / 16) }, (_, at) => `<img src="a${at}.png" alt="">`).join('\n')),
  },
  { name: 'many links', markdown: (n) => repeat('[a](https://x.example/a) ', n / 8) },
  {
    name: 'long srcset',
    html: (n) =>
      html('', `<img src="https://x.example/a.png" srcset="${repeat('https://x.example/a.png 1x, ', n / 4)}" alt="">`),
  },
  { name: 'many cells', html: (n) => html('', `<table><tr>${repeat('<td>x</td>', n / 4)}</tr></table>`) },
  { name: 'many rows', markdown: (n) => `| a | b |\n| - | - |\n${repeat('| x | y |\n', n / 8)}` },
  {
    name: 'many rows under conditions',
    markdown: (n) => `| a | b |\n| - | - |\n${repeat('{% if x %}\n| x | y |\n{% endif %}\n', n / 40)}`,
  },
  { name: 'many paragraphs under conditions', markdown: (n) => repeat('{% if x %}y{% endif %}\n\n', n / 16) },
  { name: 'many list items', markdown: (n) => repeat('- x\n', n / 8) },
  { name: 'nested quotes', markdown: (n) => `${repeat('>', n)} x` },
  { name: 'asterisks', markdown: (n) => repeat('*a **b ', n / 4) },
  { name: 'brackets', markdown: (n) => repeat('[', n) },
  { name: 'brackets with addresses', markdown: (n) => repeat('[a](', n / 2) },
  {
    name: 'backticks',
    markdown: (n) => Array.from({ length: Math.floor(Math.sqrt(n)) }, (_, at) => '`'.repeat(at)).join(' '),
  },
  { name: 'angle brackets', markdown: (n) => repeat('<a ', n / 2) },
  { name: 'footnotes', markdown: (n) => `${repeat('[^1] ', n / 8)}\n\n[^1]: x` },
  { name: 'values', markdown: (n) => repeat('{{ x }} ', n / 8) },
  { name: 'words in a value', markdown: (n) => `{{ ${repeat('a ', n)}` },
  { name: 'values that never end', markdown: (n) => repeat('{{ a ', n) },
  {
    name: 'conditions in conditions',
    markdown: (n) => `${repeat('{% if x %}', n / 8)}y${repeat('{% endif %}', n / 8)}`,
  },
  { name: 'unknown names', markdown: (n) => repeat('{{ a.b.c }} ', n / 8) },
  { name: 'front matter that never ends', whole: (n) => `---\n${repeat('a: b\n', n)}` },
  { name: 'quotes in front matter', whole: (n) => `---\nsubject: ${repeat('"a" ', n)}\n---\nx` },
  { name: 'anchors in front matter', whole: (n) => `---\nsubject: x\na: ${repeat('&a *a ', n)}\n---\nx` },
  {
    name: 'lines of front matter',
    whole: (n) => `---\nsubject: x\n${Array.from({ length: n / 8 }, (_, at) => `k${at}: #${at}`).join('\n')}\n---\nx`,
  },
  { name: 'blanks in front matter', whole: (n) => `---\nsubject: a${repeat(' ', n)}# b\n---\nx` },
];
