import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composerOf, person, renderBody, withSubject } from './letter.ts';

test('a value in the query of a link is percent-encoded by itself, in HTML and text', async () => {
  const fields = { name: "O'Neil & Co", url: 'https://a.example/?b=c&d', q: 'b=c&d', code: 'a b' };
  const encoded = "O'Neil%20%26%20Co";
  for (const [href, shown] of [
    ['https://x.example/?n={{ name }}&c=1', `https://x.example/?n=${encoded}&c=1`],
    ['https://x.example/?c=1&n={{ name }}', `https://x.example/?c=1&n=${encoded}`],
    ['https://x.example/#n={{ name }}', `https://x.example/#n=${encoded}`],
    ['https://x.example/?n=a-{{ name }}-b', `https://x.example/?n=a-${encoded}-b`],
    ['https://x.example/?n={{ name | url_encode }}', "https://x.example/?n=O'Neil+%26+Co"],
    ['https://x.example/?to={{ url }}', 'https://x.example/?to=https%3A%2F%2Fa.example%2F%3Fb%3Dc%26d'],
    ['https://x.example/?{{ q }}', 'https://x.example/?b=c&d'],
    ['https://x.example/?n={% if name %}{{ name }}{% endif %}', `https://x.example/?n=${encoded}`],
    ['mailto:a@x.example?subject={{ name }}', `mailto:a@x.example?subject=${encoded}`],
    ['{{ url }}', 'https://a.example/?b=c&d'],
    ['{{ unsubscribe_url }}', undefined],
  ] as const) {
    const { html, text } = await renderBody(`[link](<${href}>)`, fields);
    const found = /<a href="([^"]*)"[^>]*>link/.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#39;', "'");
    if (shown !== undefined) assert.equal(found, shown, href);
    assert.ok(
      text.includes(`link (${(shown ?? 'https://example.org/leave?t=').replace('mailto:', '')}`),
      `${href}: ${text}`,
    );
  }
  const { text } = await (
    await composerOf(withSubject('x', 'text: plain.txt\n'), {
      files: { 'plain.txt': 'See https://x.example/?n={{ name }}&c=1 now, {{ name }}' },
    })
  ).render(person(fields));
  assert.equal(text, `See https://x.example/?n=${encoded}&c=1 now, O'Neil & Co`);
});
