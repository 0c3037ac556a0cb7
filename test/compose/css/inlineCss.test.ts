import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composerOf, findingsOf, person } from '../letter.ts';

async function htmlOf(head: string, body: string, front = ''): Promise<string> {
  const composer = await composerOf(
    `---\nsubject: x\n${front}---\n<html lang="en"><head>${head}</head><body>${body}<a href="{{ unsubscribe_url }}">out</a></body></html>`,
    { path: 'a.html' },
  );
  return (await composer.render(person())).html;
}

const styleOf = (html: string, id: string) =>
  new RegExp(`id="${id}"[^>]*? style="([^"]*)"`).exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '';

test('a media rule wins on a phone as it does in the source, with and without !important', async () => {
  const html = await htmlOf(
    `<style>.col{width:280px;float:left}.wide{display:block}.mob{display:none}
@media (max-width:480px){.col{width:100%;float:none}.wide{display:none !important}.mob{display:block}}</style>`,
    '<div class="col" id="col">one</div><p class="wide" id="wide">desktop</p><p class="mob" id="mob">mobile</p>',
  );
  assert.equal(styleOf(html, 'col'), 'width: 280px; float: left');
  assert.equal(styleOf(html, 'wide'), 'display: block');
  assert.equal(styleOf(html, 'mob'), 'display: none');
  assert.match(html, /\.col \{ width: 100% !important; float: none !important; \}/);
  assert.match(html, /\.mob \{ display: block !important; \}/);
});

test('!important stays where another rule would win without it', async () => {
  const html = await htmlOf(
    '<style>.a{padding-left:4px}.a .a{padding-left:0 !important}@media (max-width:2000px){.a{padding-left:160px !important}}</style>',
    '<div class="a" id="outer">outer<div class="a" id="inner">inner</div></div>',
  );
  assert.equal(styleOf(html, 'inner'), 'padding-left: 0 !important');
  assert.equal(styleOf(html, 'outer'), 'padding-left: 4px');
});

test(':hover and :focus win over what is written into the element', async () => {
  const html = await htmlOf(
    '<style>a{color:#111}a:hover,a:focus{color:red}</style>',
    '<a id="a" href="https://x.example">x</a>',
  );
  assert.equal(styleOf(html, 'a'), 'color: #111');
  assert.match(html, /a:hover, a:focus \{ color: red !important; \}/);
});

test('a rule that would then beat a rule it loses to is not raised: what it overrides stays a rule too', async () => {
  const html = await htmlOf(
    '<style>.x{color:green}.x:hover{color:pink}@media (max-width:500px){p{color:black !important}}</style>',
    '<p class="x" id="x">x</p>',
  );
  assert.equal(styleOf(html, 'x'), '');
  assert.match(html, /\.x \{ color: green; \}\n\.x:hover \{ color: pink; \}/);
});

test('rules that match nothing now, or are not understood, are kept', async () => {
  const kept = [
    '#outlook a { padding: 0; }',
    '.ExternalClass, .ExternalClass p { line-height: 100%; }',
    '[data-ogsc] .x { color: white !important; }',
    'u + .body { padding: 1px; }',
    'p:lang(fr) { font-style: italic; }',
    'p:nth-child(2 of .x) { margin: 0 !important; }',
    '.x::before { content: "→"; }',
    '.never { color: red; }',
    'p:some-future-thing { color: red; }',
  ];
  const html = await htmlOf(`<style>${kept.join('\n')}\n.x { margin: 1px }</style>`, '<p class="x" id="x">x</p>');
  for (const rule of kept) assert.ok(html.includes(rule), `${rule} in ${html}`);
});

test('declarations before a modern one are kept as what older programs show', async () => {
  const html = await htmlOf(
    '<style>.a{background:#dde;background:linear-gradient(#dde,#fed)}.b{color:red}.b.c{color:rgba(255,0,0,.5)}.d{color:red;color:blue}</style>',
    '<p class="a" id="a">a</p><p class="b c" id="b">b</p><p class="d" id="d">d</p>',
  );
  assert.equal(styleOf(html, 'a'), 'background: #dde; background: linear-gradient(#dde,#fed)');
  assert.equal(styleOf(html, 'b'), 'color: red; color: rgba(255,0,0,.5)');
  assert.equal(styleOf(html, 'd'), 'color: blue');
});

test('quotes inside url("…") are kept', async () => {
  const url = `url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3C/svg%3E")`;
  const html = await htmlOf(
    `<style>#a{background-image:${url}}#b{font-family:"Segoe UI",serif}</style>`,
    '<p id="a">a</p><p id="b">b</p>',
  );
  assert.equal(styleOf(html, 'a'), `background-image: ${url}`);
  assert.equal(styleOf(html, 'b'), "font-family: 'Segoe UI',serif");
});

test('selectors see the tbody that every browser adds; Liquid between rows stays where it is', async () => {
  const html = await htmlOf(
    '<style>tbody td{color:red}table > tbody > tr:nth-child(2) > td{color:blue}table > tr > td{color:green}tbody{font-style:italic}</style>',
    '<table><tr><td>1</td></tr><tr><td id="two">2</td></tr></table><table>{% for n in (1..2) %}<tr><td>{{ n }}</td></tr>{% endfor %}<tr><td id="three">3</td></tr></table>',
  );
  assert.equal(styleOf(html, 'two'), 'color: blue');
  assert.match(html, /tbody \{ font-style: italic; \}/);
  assert.equal(html.match(/<tr>/g)?.length, 5);
  // Which row is the second one is known when the loop has run.
  assert.equal(styleOf(html, 'three'), 'color: red');
  assert.match(html, /tr:nth-child\(2\) > td \{ color: blue !important; \}/);
  assert.doesNotMatch(html, /<tbody/);
});

test('a style sheet hidden from Outlook does not reach it through the elements', async () => {
  const html = await htmlOf(
    '<style>.x{color:red}</style><!--[if !mso]><!--><style>.x{color:green}</style><!--<![endif]--><style>.y{margin:0}</style>',
    '<p class="x y" id="x">x</p>',
  );
  assert.equal(styleOf(html, 'x'), 'color: red; margin: 0');
  assert.match(html, /<!--\[if !mso\]><!--><style>\s*\.x \{ color: green !important; \}\s*<\/style><!--<!\[endif\]-->/);
});

test('there is an off switch for the letter and for each style element', async () => {
  const css = '<style>p { color: red }</style>';
  assert.ok((await htmlOf(css, '<p id="p">x</p>', 'css: keep\n')).includes(`${css}</head><body><p id="p">x`));
  const html = await htmlOf(
    '<style data-inline="no">p { color: red }</style><style>p { margin: 0 }</style>',
    '<p id="p">x</p>',
  );
  assert.match(html, /<style>p \{ color: red \}<\/style>/);
  assert.equal(styleOf(html, 'p'), 'margin: 0');
  const only = await htmlOf(
    '<style data-inline="only">p { color: red } .framework { color: blue } a:hover { color: red }</style>',
    '<p id="p">x</p>',
  );
  assert.match(only, /<style>\na:hover \{ color: red; \}\n<\/style>/);
  assert.deepEqual(await findingsOf('---\nsubject: x\ncss: maybe\n---\nx'), ['frontMatterValue:3']);
});

test('anything that is not CSS is left as it is, and so are other languages', async () => {
  for (const style of ['<style>p { color: red } } { </style>', '<style type="text/x-mso">p { color: red }</style>'])
    assert.ok((await htmlOf(style, '<p>x</p>')).includes(style));
  const html = await htmlOf('<style><!-- p { color: red } --></style>', '<p id="p">x</p>');
  assert.equal(styleOf(html, 'p'), 'color: red');
});

test('a selector finds what it finds in a browser: nearest and farther ancestors, blanks of all kinds in class, rows without tbody', async () => {
  const html = await htmlOf(
    '<style>.a .b .c p { color: #111 } td.two\\.5 { color: #222 } .x.y i { color: #333 } table * td b { color: #444 } #one u { color: #555 } .ab s { color: #666 } .q > .r .s em { color: #777 }</style>',
    `<div class="a"><div class="b"><div class="a"><div class="c"><p>1</p></div></div></div></div>
     <table><tr><td class="two.5">2</td><td><b>4</b></td></tr></table>
     <div class="\tz\ny x "><i>3</i></div><div id="one"><u>5</u></div><div class="abc cab a-b"><s>6</s></div>
     <div class="q"><div class="r"><div class="r"><div class="s"><em>7</em></div></div></div></div>`,
  );
  for (const [tag, colour] of [
    ['p', '#111'],
    ['td class="two.5"', '#222'],
    ['i', '#333'],
    ['b', '#444'],
    ['u', '#555'],
    ['em', '#777'],
  ])
    assert.match(html, new RegExp(`<${tag} style="color: ${colour}"`), colour);
  assert.match(html, /<s>6<\/s>/);
});
