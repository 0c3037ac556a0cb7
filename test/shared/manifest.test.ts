import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultDirect, defaultServer, defaultSettings } from '../../src/shared/defaultSettings.ts';
import { folderKeys } from '../../src/shared/folderSettings.ts';
import { checkCodes, checkLevels } from '../../src/shared/settings.ts';
import { editorKeys, joinedKeys, readSettings } from '../../src/shared/settingsReader.ts';

interface Schema {
  type?: string | string[];
  default?: unknown;
  scope?: string;
  order?: number;
  pattern?: string;
  enum?: string[];
  markdownDescription?: string;
  markdownEnumDescriptions?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

const json = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const sections = json('package.json').contributes.configuration as {
  title: string;
  order: number;
  properties: Record<string, Schema>;
}[];
const properties: Record<string, Schema> = Object.assign({}, ...sections.map((section) => section.properties));
const where = { file: 'settings.json', baseDir: '/home/ada', providers: [] };
const below = (key: string, name: string): Schema => {
  const schema = properties[key];
  const child = schema?.properties?.[name] ?? (schema?.additionalProperties as Schema)?.properties?.[name];
  assert.ok(child, `${key} has no ${name}`);
  return child;
};

test('the manifest declares every setting that is read, and none that is not', () => {
  const read = [...Object.keys(defaultSettings), ...editorKeys, ...joinedKeys].map((key) => `envoi.${key}`);
  assert.deepEqual(Object.keys(properties).sort(), read.sort());
});

test('the defaults of the manifest read as the built-in defaults, without a finding', () => {
  const raw = Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, schema.default]));
  const { settings, findings } = readSettings(raw, where);
  assert.deepEqual(findings, []);
  assert.deepEqual(settings, { ...defaultSettings, directAssumed: true });
});

test('the defaults inside envoi.direct and envoi.servers are the built-in ones', () => {
  for (const [key, value] of Object.entries(defaultDirect))
    assert.deepEqual(below('envoi.direct', key).default, value, key);
  for (const key of ['security', 'maxConnections', 'maxMessagesPerConnection'] as const)
    assert.deepEqual(below('envoi.servers', key).default, defaultServer[key], key);
  assert.equal(below('envoi.servers', 'pipelineDepth').default, 1);
});

test('every finding that may be silenced is offered with every level', () => {
  const offered = properties['envoi.checks']?.properties ?? {};
  assert.deepEqual(Object.keys(offered).sort(), [...checkCodes].sort());
  for (const schema of Object.values(offered)) assert.deepEqual(schema.enum, checkLevels);
});

test('what names a host, a path, a key, an address or a limit cannot be set by a workspace', () => {
  const keys = 'servers direct dkim unsubscribe testRecipients stateDirectory oauth preview.remoteImages';
  for (const key of keys.split(' ')) assert.equal(properties[`envoi.${key}`]?.scope, 'application', key);
  for (const key of ['from', 'replyTo', 'route', 'domainRoutes', 'recipients', 'postalAddress', 'listId'])
    assert.equal(properties[`envoi.${key}`]?.scope, 'resource', key);
});

test('a folder may set on the command line, before it is trusted, what a workspace may set in the editor', () => {
  const ofWorkspaces = Object.keys(properties).filter((key) => properties[key]?.scope !== 'application');
  assert.deepEqual(folderKeys.map((key) => `envoi.${key}`).sort(), ofWorkspaces.sort());
});

test('every setting has a default, a scope, an order and a description; every choice is explained', () => {
  for (const [key, schema] of Object.entries(properties)) {
    assert.notEqual(schema.default, undefined, key);
    assert.ok(schema.scope && schema.order, key);
    walk(key, schema, (path, found) => {
      if (found.enum && found.markdownEnumDescriptions)
        assert.equal(found.markdownEnumDescriptions.length, found.enum.length, path);
      if (found.pattern) assert.doesNotThrow(() => new RegExp(found.pattern ?? ''), path);
      if (found.properties) assert.equal(found.additionalProperties, false, path);
    });
    assert.match(schema.markdownDescription ?? '', /^%config\..+%$/, key);
  }
});

test('every text of the settings stands in both languages, and none is left over', () => {
  const used = new Set([...JSON.stringify(sections).matchAll(/%(config\.[^%"]+)%/g)].map((match) => match[1]));
  for (const name of ['package.nls.json', 'package.nls.fr.json']) {
    const texts: Record<string, string> = json(name);
    const keys = Object.keys(texts).filter((key) => key.startsWith('config.'));
    assert.deepEqual(keys.sort(), [...used].sort(), name);
    for (const key of keys) assert.notEqual(texts[key]?.trim(), '', key);
  }
});

test('the patterns take what the reader takes', () => {
  const rate = new RegExp(below('envoi.servers', 'rate').pattern ?? '');
  assert.ok(['10/second', '500 / hour', '2000 per day'].every((text) => rate.test(text)));
  assert.ok(['10', '10/week', '0/day', 'x/day'].every((text) => !rate.test(text)));
  const mailbox = new RegExp(properties['envoi.from']?.pattern ?? '');
  assert.ok(['', 'ada@example.org', 'Ada <ada@example.org>', '"B, A" <a@example.org>'].every((t) => mailbox.test(t)));
  assert.ok(['ada', 'Ada <ada>', 'a@b'].every((text) => !mailbox.test(text)));
});

function walk(path: string, schema: Schema, visit: (path: string, schema: Schema) => void): void {
  visit(path, schema);
  for (const [name, child] of Object.entries(schema.properties ?? {})) walk(`${path}.${name}`, child, visit);
  if (typeof schema.additionalProperties === 'object') walk(`${path}.*`, schema.additionalProperties, visit);
  if (schema.items) walk(`${path}[]`, schema.items, visit);
}
