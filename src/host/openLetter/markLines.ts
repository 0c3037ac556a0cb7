/** Skipped whole, or, in the last group, a block's start tag. */
const PIECES = new RegExp(
  [
    /<!--[\s\S]*?-->/,
    /\{%-?\s*(?<tag>comment|raw)\b[\s\S]*?\bend\k<tag>\s*-?%\}/,
    /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/,
    /<(?<element>script|style|title|textarea)\b[\s\S]*?<\/\k<element>\s*>/,
    /<(?:h[1-6]|p|table|tr|ul|ol|li|dl|blockquote|pre|img|hr|figure|section|article|div)(?=[\s/>])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
);

/** Each beginning without an end is looked for to the end of the text. */
const MOST_OPEN = 200;

function leftOpen(html: string): number {
  const text = html.toLowerCase();
  const count = (word: string) => text.split(word).length - 1;
  const pairs = [
    ['<!--', '-->'],
    ['{{', '}}'],
    ['{%', '%}'],
    ...['script', 'style', 'title', 'textarea'].map((name) => [`<${name}`, `</${name}`]),
  ];
  const open = pairs.reduce((sum, [from = '', to = '']) => sum + Math.max(0, count(from) - count(to)), 0);
  return open + Math.max(0, count('comment') + count('raw') - 2 * (count('endcomment') + count('endraw')));
}

/** HTML with `data-line`, its line in the text (from 0), on every block that begins outside of Liquid and comments. */
export function markLines(html: string): string {
  if (leftOpen(html) > MOST_OPEN) return html;
  let line = 0;
  let counted = 0;
  return html.replace(PIECES, (piece: string, ...rest: unknown[]) => {
    const at = rest.find((item): item is number => typeof item === 'number') ?? 0;
    for (let next = html.indexOf('\n', counted); next >= 0 && next < at; next = html.indexOf('\n', next + 1)) {
      line++;
      counted = next + 1;
    }
    return /^<[a-z][a-z0-9]*$/i.test(piece) ? `${piece} data-line="${line}"` : piece;
  });
}
