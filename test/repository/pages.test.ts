import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { json, repositoryFiles, text } from './sources.ts';

const files = new Set(repositoryFiles());
const pages = [...files].filter((path) => /^(?:[A-Z]+(?:\.fr)?|docs\/.*|bench\/.*)\.md$/.test(path));
const isFrench = (path: string) => path.endsWith('.fr.md');
const titles: Record<string, string>[] = [json('package.nls.json'), json('package.nls.fr.json')];

/** What a page says outside its blocks of code. */
const prose = (path: string) => text(path).replace(/^ *```[\s\S]*?^ *```$/gm, '');
const plain = (words: string) => words.replace(/\s+/g, ' ').trim();

/** The anchor that GitHub makes of a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const headings = (path: string) => [...prose(path).matchAll(/^(#+) (.*)$/gm)];

test('links in the pages lead to files and headings that exist', () => {
  const dead: string[] = [];
  for (const page of pages)
    for (const [, target = ''] of prose(page)
      .replace(/`[^`]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(?:https?:|mailto:|command:)/.test(target)) continue;
      const [path = '', heading] = target.split('#');
      const file = path === '' ? page : posix.join(posix.dirname(page), path);
      const exists = files.has(file) || [...files].some((other) => other.startsWith(`${file}/`));
      const found = heading === undefined || headings(file).some((each) => anchor(each[2] ?? '') === heading);
      if (!exists || !found) dead.push(`${page}: ${target}`);
    }
  assert.deepEqual(dead, []);
});

test('settings that the pages name exist', () => {
  const configuration: { properties: Record<string, unknown> }[] = json('package.json').contributes.configuration;
  const settings = new Set(configuration.flatMap(({ properties }) => Object.keys(properties)));
  const unknown = pages.flatMap((page) =>
    [...text(page).matchAll(/["`](envoi\.[a-zA-Z]+)/g)]
      .map((found) => found[1] ?? '')
      .filter(
        (name) =>
          !['envoi.json', 'envoi.envoi'].includes(name) &&
          ![...settings].some((key) => key === name || key.startsWith(`${name}.`)),
      )
      .map((name) => `${page}: ${name}`),
  );
  assert.deepEqual(unknown, []);
});

test('commands and options of the command line that the pages name exist', () => {
  const unknown: string[] = [];
  for (const page of pages)
    for (const [, line = '', name = ''] of text(page).matchAll(/(?:^|`)(envoi ([a-z][a-z-]*)[^`\n]*)/gm)) {
      const command = commands.find((each) => each.name === name);
      const known: readonly string[] = JSON.stringify(command ?? '').match(/--[a-z][a-z-]*/g) ?? [];
      const options = line.match(/(?<=\s)--[a-z][a-z-]*/g) ?? [];
      if (!command && name !== 'help') unknown.push(`${page}: ${line}`);
      for (const option of options)
        if (option !== '--help' && !known.includes(option)) unknown.push(`${page}: ${name} ${option}`);
    }
  assert.deepEqual(unknown, []);
});

test('commands of the palette that the pages name have these titles', () => {
  const unknown: string[] = [];
  let count = 0;
  for (const page of pages)
    for (const [, title = ''] of prose(page).matchAll(/\*Envoi\s?: ([^*]+)\*/g)) {
      count++;
      const named = Object.entries(titles[isFrench(page) ? 1 : 0] ?? {});
      if (!named.some(([key, value]) => key.startsWith('command.') && value === plain(title)))
        unknown.push(`${page}: ${title}`);
    }
  assert.ok(count > 20);
  assert.deepEqual(unknown, []);
});

test('a page in French has the sections of its twin', () => {
  const levels = (path: string) => headings(path).map((found) => found[1]?.length);
  const french = pages.filter(isFrench);
  assert.ok(french.length > 5);
  for (const page of french) assert.deepEqual(levels(page), levels(page.replace('.fr.md', '.md')), page);
});
