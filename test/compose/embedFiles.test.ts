import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAttachmentPaths } from '../../src/compose/attachmentPaths.ts';
import { compile, composerOf, findingsOf, parseMail, person, png } from './letter.ts';

const other = Buffer.concat([png, Buffer.from('other')]);
const third = Buffer.concat([png, Buffer.from('third')]);
const page = (head: string, body: string) =>
  `---\nsubject: x\n---\n<html lang="en"><head>${head}</head><body>\n${body}\n<a href="{{ unsubscribe_url }}">out</a> {{ postal_address }}</body></html>`;

/** The message as another library reads it: its HTML and the images in it by Content-ID. */
async function mailOf(text: string, files: Record<string, Buffer | string>, fields: Record<string, string> = {}) {
  const composer = await composerOf(text, { path: 'a.html', files });
  const { bytes } = await composer.compose(person(fields));
  const mail = await parseMail(bytes);
  const html = String(mail.html);
  const named = [...html.matchAll(/cid:([\w.@-]+)/g)].map((match) => match[1] ?? '');
  const parts = new Map(mail.attachments.map((part) => [part.cid ?? '', part]));
  return { html, named, parts, mail };
}

test('local files are embedded once wherever they are named', async () => {
  const head =
    '<link rel="stylesheet" media="screen" href="css/style.css"><style>.b{background-image:url("bg.png")} .c{background:url( bg.png )}</style>';
  const body = `<img src="pic.png" srcset="bg.png 2x, pic.png 1x" alt="a">
<picture><source srcset="bg.png" media="(prefers-color-scheme: dark)"><img src="pic%2Epng?v=1" alt="b"></picture>
<table background="bg.png"><tr><td class="b">x</td><td style="background: url('bg.png') no-repeat">y</td></tr></table>
<video poster="pic.png" src="https://x.example/v.mp4"></video>
<!--[if mso]><v:fill type="frame" src="bg.png"/><v:image src='pic.png'/><![endif]-->
<img src="https://x.example/web.png" alt="web"><p class="s">z</p>`;
  const { html, named, parts, mail } = await mailOf(page(head, body), {
    'pic.png': png,
    'bg.png': other,
    'css/style.css': '.s { color: red; background: url(img/in.png) }',
    'css/img/in.png': third,
  });
  assert.deepEqual(
    mail.attachments.map(({ content }) => content.length).sort(),
    [png.length, other.length, third.length].sort(),
    'each file once',
  );
  assert.ok(named.length >= 11, html);
  for (const cid of named) assert.ok(parts.has(`<${cid}>`) || parts.has(cid), cid);
  assert.doesNotMatch(html, /["'(=, ](?:bg|pic|css\/|img\/)[\w.%/]*/, 'no name of a local file is left');
  assert.match(html, /<p class="s" style="color: red; background: url\(cid:/);
});

test('files that cannot be embedded are reported with their line; no broken reference is sent silently', async () => {
  const files = { 'pic.png': png, 'note.png': 'no picture' };
  for (const [written, found] of [
    ['<img src="C:\\pics\\a.png" alt="c">', 'imageOutside'],
    ['<img src="c:/pics/a.png" alt="c">', 'imageOutside'],
    ['<img src="file:///tmp/a.png" alt="d">', 'imageOutside'],
    ['<img src="/tmp/a.png" alt="d">', 'imageOutside'],
    ['<img src="../a.png" alt="d">', 'imageOutside'],
    ['<img src="data:image/png;base64,iVBORw0KGgo=" alt="e">', 'imageData'],
    ['<img src="data:image/svg+xml,%3Csvg%3E%3C/svg%3E" alt="e">', 'imageData'],
    ['<img src="data:image/png;base64,{{ n }}" alt="e">', 'imageData'],
    ['<img src="pic.png" srcset="data:image/webp;base64,AAAA 2x" alt="e">', 'imageData'],
    ['<img src="//x.example/a.png" alt="e">', 'fileNotSent'],
    ['<img src="pic.png" srcset="gone.png 2x" alt="e">', 'imageMissing'],
    ['<picture><source srcset="gone.png"><img src="pic.png" alt="e"></picture>', 'imageMissing'],
    ['<table background="gone.png"></table>', 'imageMissing'],
    ['<table background="of-{{ n }}.png"></table>', 'imageVariable'],
    ['<p style="background: url(gone.png)">x</p>', 'imageMissing'],
    ['<p style="background: url(note.png)">x</p>', 'imageFormat'],
    ['<style>p { background: url(gone.png) }</style>', 'imageMissing'],
    ['<style>@font-face { font-family: x; src: url(x.woff2) }</style>', 'fileNotSent'],
    ['<style>@import "other.css";</style>', 'fileNotSent'],
    ['<style>@import url(other.css);</style>', 'fileNotSent'],
    ['<!--[if mso]><v:fill src="gone.png"/><![endif]-->', 'imageMissing'],
    ['<link rel="stylesheet" href="gone.css">', 'styleSheet'],
    ['<link rel="stylesheet" href="../gone.css">', 'styleSheet'],
    ['<link rel="stylesheet" href="file:///gone.css">', 'styleSheet'],
    ['<video src="film.mp4"></video>', 'fileNotSent'],
    ['<audio><source src="song.mp3"></audio>', 'fileNotSent'],
  ] as const)
    assert.deepEqual(await findingsOf(page('', written), { path: 'a.html', files }), [`${found}:5`], written);
  for (const written of [
    '<img src="https://x.example/a.png" alt="a">',
    '<link rel="stylesheet" href="https://fonts.example/css">',
    '<style>@import url(https://fonts.example/css); @font-face { src: url(https://x.example/x.woff2) }</style>',
    '<p style="background: url(#id)">x</p>',
  ])
    assert.deepEqual(await findingsOf(page('', written), { path: 'a.html', files }), [], written);
});

test('an image named by a column is embedded for each row', async () => {
  const files = { 'faces/ada.png': png, 'faces/bob.png': other, 'pic.png': third };
  const text = page(
    '',
    '<img src="faces/{{ face }}" alt="You"><img src="faces/{{ face }}" alt="Again"><img src="pic.png" alt="c">',
  );
  for (const [face, size] of [
    ['ada.png', png.length],
    ['bob.png', other.length],
  ] as const) {
    const { named, parts, mail } = await mailOf(text, files, { face });
    assert.equal(mail.attachments.length, 2, 'the same file once, and the one that all get');
    assert.deepEqual(mail.attachments.map(({ content }) => content.length).sort(), [size, third.length].sort());
    assert.equal(named.length, 3);
    for (const cid of named) assert.ok(parts.has(`<${cid}>`) || parts.has(cid), cid);
  }
  const web = await mailOf(page('', '<img src="{{ face }}" alt="You">'), files, { face: 'https://x.example/a.png' });
  assert.match(web.html, /src="https:\/\/x\.example\/a\.png"/);
  assert.equal(web.mail.attachments.length, 0);
  const none = await mailOf(text, files, { face: '' });
  assert.equal(none.mail.attachments.length, 1);
  await assert.rejects(mailOf(text, files, { face: '../../secret.png' }), { code: 'outside' });
  await assert.rejects(mailOf(text, files, { face: 'gone.png' }), { code: 'missing' });

  const { newsletter } = await composerOf(text, { path: 'a.html', files });
  assert.deepEqual(
    createAttachmentPaths(newsletter)?.(person({ face: 'ada.png' })),
    ['faces/ada.png', 'faces/ada.png'].slice(0, 1),
  );
});

test('in Markdown too, and the preview is told', async () => {
  const composer = await composerOf('---\nsubject: x\n---\n![You](faces/{{ face }})\n', {
    files: { 'faces/ada.png': png },
  });
  const { images, html } = await composer.render(person({ face: 'ada.png' }));
  assert.deepEqual(
    images.map(({ path }) => path),
    ['faces/ada.png'],
  );
  assert.ok(html.includes(`cid:${images[0]?.cid}`));
});

test('a picture embedded as data becomes a part of the message, once however often and in whatever form it is written', async () => {
  const base64 = png.toString('base64');
  const url = `data:image/png;base64,${base64}`;
  const broken = `${base64.slice(0, 20)}\n  ${base64.slice(20)}`;
  const source = page(
    `<style>.s { background: url("${url}") } @media (max-width: 9px) { .s { background: url(${url}) } }</style>`,
    `<img src="${url}" alt="a"><img src="data:image/png;charset=utf-8;base64,${encodeURIComponent(base64)}" alt="b"><img src="data:image/png;base64,${broken}" alt="c">
    <table background="${url}"></table><p class="s">x</p><picture><source srcset="${url} 1x,${url} 2x"><img src="https://x.example/a.png" srcset="https://x.example/a,b.png 2x, ${url}" alt="d"></picture><!--[if mso]><v:fill src="${url}"/><![endif]-->`,
  );
  assert.deepEqual(await findingsOf(source, { path: 'a.html' }), []);
  const composer = await composerOf(source, { path: 'a.html' });
  const mail = await parseMail((await composer.compose(person())).bytes);
  const [part, ...others] = mail.attachments;
  assert.deepEqual(others, []);
  assert.equal(part?.contentType, 'image/png');
  assert.ok(part?.content.equals(png));
  assert.equal(part?.filename, 'image-1.png');
  const html = String(mail.html);
  assert.doesNotMatch(html, /data:image/);
  assert.equal(html.split(`cid:${part?.cid}`).length - 1, 10);
  assert.match(html, /srcset="https:\/\/x\.example\/a,b\.png 2x, cid:/);
  // The letter alone holds it: there is no such file to pin with a campaign.
  assert.deepEqual((await compile(source, { path: 'a.html' })).assets, []);
});
