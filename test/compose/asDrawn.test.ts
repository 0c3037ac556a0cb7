import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { composerOf, findingsOf, parseMail, person, renderBody, withSubject } from './letter.ts';

const page = (head: string, body: string, html = '<html lang="en">') =>
  `---\nsubject: x\n---\n${html}<head>${head}</head><body>${body} <a href="{{ unsubscribe_url }}">out</a> {{ postal_address }}</body></html>`;

async function htmlOf(source: string, fields: Record<string, string> = {}, path = 'a.html'): Promise<string> {
  const { bytes } = await (await composerOf(source, { path })).compose(person(fields));
  return String((await parseMail(bytes)).html);
}

test('a message declares UTF-8, whatever its file said', async () => {
  for (const meta of [
    '<meta charset="iso-8859-1">',
    '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">',
    "<META HTTP-EQUIV='content-type' CONTENT='text/html; charset=Shift_JIS'>",
  ]) {
    const html = await htmlOf(page(meta, 'é'));
    assert.match(html, /charset="?utf-8/i);
    assert.doesNotMatch(html, /8859|1252|Shift/);
  }
});

test('values in JSON-LD are JSON, not HTML', async () => {
  const html = await htmlOf(
    page('<script type="application/ld+json">{"name": "{{ name }}", "price": {{ price }}}</script>', 'x'),
    { name: 'O\'Neil "Ann" & </script><b>', price: '12.5' },
  );
  const json = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  assert.deepEqual(JSON.parse(json), { name: 'O\'Neil "Ann" & </script><b>', price: 12.5 });
});

test('right-to-left languages are set right to left', async () => {
  for (const [lang, dir] of [
    ['fa', 'rtl'],
    ['ur', 'rtl'],
    ['ps', 'rtl'],
    ['ckb', 'rtl'],
    ['pa-PK', 'rtl'],
    ['pa-IN', 'ltr'],
    ['uz_AF', 'rtl'],
    ['uz-Latn-AF', 'ltr'],
    ['yi', 'rtl'],
    ['dv', 'rtl'],
    ['ug', 'rtl'],
    ['sd', 'rtl'],
    ['ar-EG', 'rtl'],
    ['he', 'rtl'],
    ['az-Arab', 'rtl'],
    ['fa_IR', 'rtl'],
    ['ur-Latn', 'ltr'],
    ['fr', 'ltr'],
  ] as const) {
    for (const layout of ['default', 'none'])
      assert.match(
        await htmlOf(withSubject('x', `lang: ${lang}\nlayout: ${layout}\n`), {}, 'a.md'),
        new RegExp(`dir="${dir}"`),
        lang,
      );
    const own = await htmlOf(page('', 'x', '<html>').replace('subject: x', `subject: x\nlang: ${lang}`));
    assert.equal(/<html[^>]*dir="rtl"/.test(own), dir === 'rtl', lang);
  }
});

test('a page that does not declare its language is reported; the front matter can declare it', async () => {
  assert.deepEqual(await findingsOf(page('', 'x', '<html>'), { path: 'a.html' }), ['langMissing:4']);
  assert.deepEqual(
    await findingsOf(page('', 'x', '<html>').replace('subject: x', 'subject: x\nlang: fr'), { path: 'a.html' }),
    [],
  );
  assert.match(await htmlOf(page('', 'x', '<html>').replace('subject: x', 'subject: x\nlang: fr')), /<html lang="fr">/);
});

test('leading blanks stay where a style makes them count', async () => {
  const html = await htmlOf(page('', '<p style="white-space: pre">    four\n      six</p>'));
  assert.match(html, /> {4}four\r?\n {6}six</);
});

test('a plain text part shows the unsubscribe link and the postal address', async () => {
  for (const lang of ['en', 'fr']) {
    const note = await readFile(join(import.meta.dirname, `../../media/templates/${lang}/plainNote.md`), 'utf8');
    const html = await htmlOf(note, {}, 'a.md');
    assert.match(html, /<a href="https:\/\/example\.org\/leave\?t=[\w-]{43}">/);
    assert.match(html, /1 rue de l’Étoile<br>\s*59000 Lille/);
    assert.deepEqual(await findingsOf(note), []);
  }
  const own = await htmlOf(
    withSubject('Bye, {{ unsubscribe_url }} {{ postal_address }}', 'layout: none\n'),
    {},
    'a.md',
  );
  assert.equal(own.match(/leave\?t=/g)?.length, 1);
});

test('a newsletter without a visible unsubscribe link is not sent; a missing postal address is reported', async () => {
  const body = (inside: string) => `---\nsubject: x\n---\n<html lang="en"><body>${inside}</body></html>`;
  assert.deepEqual(await findingsOf(body('{{ postal_address }}'), { path: 'a.html' }), ['unsubscribeLink:4']);
  assert.deepEqual(await findingsOf(body('{{ unsubscribe_url }}'), { path: 'a.html' }), ['postalAddressHidden:4']);
  assert.deepEqual(await findingsOf(body('{{ unsubscribe_url }} 1 rue de l’Étoile'), { path: 'a.html' }), []);
});

test('MJML is refused with an explanation of what to do', async () => {
  for (const [text, path] of [
    ['<mjml><mj-body></mj-body></mjml>', 'a.mjml'],
    ['---\nsubject: x\n---\n<mj-text>x</mj-text>', 'a.mjml'],
    ['<mjml><mj-body></mj-body></mjml>', 'a.html'],
  ] as const)
    assert.deepEqual(await findingsOf(text, { path }), ['mjml:1']);
});

test('headings of a table have a scope', async () => {
  const { html } = await renderBody('| a |\n| - |\n| b |');
  assert.match(html, /<th scope="col"/);
});
