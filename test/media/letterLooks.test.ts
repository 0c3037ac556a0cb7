import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Liquid } from 'liquidjs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { composerOf, parseMail, person } from '../compose/letter.ts';
import { picture } from '../support/picture.ts';
import { randomLetter } from '../support/randomLetters.ts';
import { browserPath } from './openPage.ts';

const letters = join(import.meta.dirname, '../fixtures/letters');
const looks = [800, 375].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);
const pic = picture(48, 24);
const front = '---\nsubject: x\nlayout: none\n---\n';

/** The HTML of the message on the wire, read by another library, its images as data. */
async function mailOf(source: string, fields: Record<string, string> = { name: 'Ada' }): Promise<string> {
  const composer = await composerOf(front + source, { path: 'a.html', files: { 'pic.png': pic } });
  const { bytes } = await composer.compose(person(fields));
  const { html, attachments } = await parseMail(bytes);
  assert.ok(html, 'the message has HTML');
  return attachments.reduce(
    (text, { cid, contentType, content }) =>
      text.replaceAll(`cid:${cid}`, `data:${contentType};base64,${content.toString('base64')}`),
    html,
  );
}

/** The source as its author sees it in a browser: values filled in, the picture beside it, nothing else changed. */
const sourceOf = (html: string) =>
  html
    .replaceAll('pic.png', `data:image/png;base64,${pic.toString('base64')}`)
    .replace(/\{\{ name \}\}/g, 'Ada')
    .replace(/\{\{ unsubscribe_url \}\}/g, 'https://example.org/leave');

const sides = ['top', 'right', 'bottom', 'left'];
const compared = [
  'color background-color background-image display font-size font-style font-family line-height text-align width height',
  ...sides.map(
    (side) => `margin-${side} padding-${side} border-${side}-width border-${side}-style border-${side}-color`,
  ),
].join(' ');

describe('the letter looks as its source does', () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  const asked: string[] = [];

  before(async () => {
    browser = await chromium.launch({
      executablePath: await browserPath(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    // Nothing is there but the letter: an empty folder, no network.
    folder = await mkdtemp(join(tmpdir(), 'envoi-looks-'));
    const context = await browser.newContext({ offline: true });
    await context.route('**/*', (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    page = await context.newPage();
  });
  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const show = async (html: string, look: (typeof looks)[number]) => {
    await page.setViewportSize({ width: look.width, height: 700 });
    await page.emulateMedia({ colorScheme: look.colorScheme });
    await page.mouse.move(0, 0);
    await page.setContent(html, { waitUntil: 'load' });
  };

  it('in pixels, wide and narrow, light and dark', async () => {
    const names = (await readdir(letters)).filter((name) => name.endsWith('.html'));
    assert.ok(names.length >= 16);
    const different: string[] = [];
    for (const name of names) {
      const source = await readFile(join(letters, name), 'utf8');
      const mail = await mailOf(source);
      for (const look of looks) {
        await show(sourceOf(source), look);
        const wanted = await page.screenshot({ fullPage: true });
        await show(mail, look);
        const got = await page.screenshot({ fullPage: true });
        if (wanted.equals(got)) continue;
        const label = `${name} at ${look.width} px, ${look.colorScheme}`;
        different.push(label);
        if (process.env.ENVOI_LOOKS) {
          const base = join(process.env.ENVOI_LOOKS, label.replace(/\W+/g, '-'));
          await writeFile(`${base}-wanted.png`, wanted);
          await writeFile(`${base}-got.png`, got);
          await writeFile(`${base}.html`, mail);
        }
      }
    }
    assert.deepEqual(different, []);
    assert.deepEqual(asked, [], 'the message asks for nothing');
  });

  it('for each reader, where classes, links and rows are chosen by values', async () => {
    const liquid = new Liquid({ jsTruthy: true });
    const source = await readFile(join(letters, 'reader.liquid'), 'utf8');
    for (const fields of [
      { name: 'Ada', plan: 'gold', vip: 'yes', items: 'a,b,c,d' },
      { name: 'Bob', plan: 'silver', vip: '', items: 'a' },
      { name: 'Eve', plan: '', vip: '', items: 'a,b' },
    ]) {
      const wanted = String(
        await liquid.parseAndRender(source, { ...fields, unsubscribe_url: 'https://example.org/leave' }),
      );
      const mail = await mailOf(source, fields);
      for (const look of looks) {
        await show(sourceOf(wanted), look);
        const first = await page.screenshot({ fullPage: true });
        await show(mail, look);
        const second = await page.screenshot({ fullPage: true });
        assert.ok(first.equals(second), `${fields.name} at ${look.width} px, ${look.colorScheme}`);
      }
    }
  });

  it('under the mouse', async () => {
    for (const [name, target] of [
      ['modern.html', 'a'],
      ['modern.html', 'h2'],
      ['hybrid.html', '.button-a'],
    ] as const) {
      const source = await readFile(join(letters, name), 'utf8');
      const style =
        'getComputedStyle(document.querySelector("TARGET")).cssText + [..."color backgroundColor textDecorationLine borderTopColor".split(" ")].map((name) => getComputedStyle(document.querySelector("TARGET"))[name])';
      const hovered = async (html: string) => {
        await show(html, { width: 800, colorScheme: 'light' });
        const still = await page.evaluate<string>(style.replaceAll('TARGET', target));
        await page.addStyleTag({ content: '* { transition: none !important }' });
        await page.hover(target);
        return { still, over: await page.evaluate<string>(style.replaceAll('TARGET', target)) };
      };
      const wanted = await hovered(sourceOf(source));
      assert.notEqual(wanted.still, wanted.over, `${name} ${target} changes`);
      assert.deepEqual(await hovered(await mailOf(source)), wanted, `${name} ${target}`);
    }
  });

  it('by the computed style of every element of generated letters', async () => {
    const state = `const names = '${compared}'.split(' '); JSON.stringify([...document.body.querySelectorAll('*')].map((element) => {
      const style = getComputedStyle(element);
      return names.map((name) => name + ': ' + style.getPropertyValue(name));
    }))`;
    const from = Number(process.env.ENVOI_SEED ?? 1);
    for (let seed = from; seed < from + Number(process.env.ENVOI_SEEDS ?? 30); seed++) {
      const { html } = randomLetter(seed, { conditions: true });
      const mail = await mailOf(html);
      for (const look of looks) {
        await show(html, look);
        const wanted = JSON.parse(await page.evaluate<string>(state)) as string[][];
        await show(mail, look);
        const got = JSON.parse(await page.evaluate<string>(state)) as string[][];
        const differs = wanted.flatMap((style, index) => style.filter((line, n) => line !== got[index]?.[n]));
        assert.deepEqual(differs, [], `seed ${seed} at ${look.width} px, ${look.colorScheme}`);
      }
    }
  });
});
