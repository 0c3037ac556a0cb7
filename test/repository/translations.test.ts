import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentences, slots } from './sentences.ts';
import { json, text } from './sources.ts';

const manifest: Record<string, string> = json('package.nls.json');
const manifestFrench: Record<string, string> = json('package.nls.fr.json');
const bundle: Record<string, string> = json('l10n/bundle.l10n.fr.json');
const said = sentences();

test('every title and description of the manifest has an English and a French text', () => {
  const used = [...new Set([...text('package.json').matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ''))].sort();
  assert.ok(used.length > 10);
  assert.deepEqual(Object.keys(manifest).sort(), used);
  assert.deepEqual(Object.keys(manifestFrench).sort(), used);
  assert.deepEqual(
    Object.values(manifestFrench).filter((value) => value.trim() === ''),
    [],
  );
});

test('every sentence is a literal, so that it can be translated', () => {
  assert.ok(said.found.length > 20);
  assert.deepEqual(said.opaque, []);
});

test('every sentence the code says has a French translation', () => {
  const missing = said.found.filter(({ template }) => !bundle[template]?.trim());
  assert.deepEqual(
    missing.map(({ template, path, line }) => `${path}:${line} ${template}`),
    [],
  );
});

test('no French translation is left over', () => {
  const templates = new Set(said.found.map(({ template }) => template));
  assert.deepEqual(
    Object.keys(bundle).filter((key) => !templates.has(key)),
    [],
  );
});

test('a translation has the same slots as its sentence', () => {
  const wrong = Object.entries(bundle).filter(([key, value]) => slots(key) !== slots(value));
  assert.deepEqual(wrong, []);
});

test('configuration links lead to settings that exist, in both languages', () => {
  const configuration: { properties: Record<string, unknown> }[] = json('package.json').contributes.configuration;
  const settings = new Set(configuration.flatMap(({ properties }) => Object.keys(properties)));
  for (const texts of [manifest, manifestFrench])
    for (const value of Object.values(texts))
      for (const [, key] of value.matchAll(/`#([\w.]+)#`/g)) assert.ok(settings.has(key ?? ''), `${key} in: ${value}`);
});

test('French has no-break spaces inside « » and before ; : ! ?, and typographic apostrophes', () => {
  // Code in backticks is left out; `!=` and `![` are code, too.
  const wrong = [...Object.values(bundle), ...Object.values(manifestFrench)].filter((value) =>
    / [;:?»](?!\w)| !(?![=[])|« |\p{L}'\p{L}/u.test(value.replace(/`[^`]*`/g, '')),
  );
  assert.deepEqual(wrong, []);
});
