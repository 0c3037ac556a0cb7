import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandIds } from '../../src/host/commands/ids.ts';
import { json, repositoryFiles, text } from './sources.ts';

const manifest = json('package.json');
const { contributes } = manifest;
const contributed: { command: string; title: string; category?: string }[] = contributes.commands;

test('the manifest’s commands are the code’s commands', () => {
  assert.deepEqual(contributed.map(({ command }) => command).sort(), [...commandIds].sort());
});

test('every command has a translated title and the category Envoi', () => {
  for (const { command, title, category } of contributed) {
    assert.match(title, /^%.+%$/, command);
    assert.equal(category, 'Envoi', command);
  }
});

test('menus, keys and walkthroughs name only commands that exist', () => {
  const known = new Set<string>(commandIds);
  const places = JSON.stringify([
    contributes.menus,
    contributes.keybindings,
    contributes.walkthroughs,
    contributes.viewsWelcome,
  ]);
  const named = [...places.matchAll(/(?:"command":"|command:|onCommand:)(envoi\.\w+)/g)].map((match) => match[1] ?? '');
  assert.ok(named.length > 5);
  assert.deepEqual(
    named.filter((id) => !known.has(id)),
    [],
  );
});

test('it never activates before the editor is ready', () => {
  const events: string[] = manifest.activationEvents;
  const after = /^(onStartupFinished|onLanguage:\w+|onWebviewPanel:envoi\.\w+|workspaceContains:.+)$/;
  assert.deepEqual(
    events.filter((event) => !after.test(event)),
    [],
  );
});

test('what names a host, a path, a key or a limit cannot be set by a workspace', () => {
  const properties: Record<string, { scope?: string; markdownDescription?: string; ignoreSync?: boolean }> =
    Object.assign({}, ...contributes.configuration.map(({ properties }: { properties: object }) => properties));
  for (const key of ['servers', 'caFiles', 'dkim', 'direct', 'unsubscribe', 'stateDirectory', 'oauth'])
    assert.match(properties[`envoi.${key}`]?.scope ?? '', /^(application|machine)$/, `envoi.${key}`);
  // Paths and addresses of one computer do not go along to another.
  for (const [key, schema] of Object.entries(properties))
    assert.equal(
      schema.ignoreSync === true,
      ['caFiles', 'dkim', 'direct', 'stateDirectory'].includes(key.slice('envoi.'.length)),
      `${key} and Settings Sync`,
    );
  for (const [key, schema] of Object.entries(properties))
    assert.ok(schema.scope && schema.markdownDescription, `${key} has a scope and a description`);
});

test('the extension stays out of Restricted Mode’s way and says what it does there', () => {
  assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
  assert.match(manifest.capabilities.untrustedWorkspaces.description, /^%.+%$/);
  assert.equal(manifest.capabilities.virtualWorkspaces.supported, 'limited');
  assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
  assert.match(manifest.engines.vscode, /^\^1\.101\./);
});

test('files the manifest names are in the repository', () => {
  const files = new Set(repositoryFiles());
  const named = [...text('package.json').matchAll(/"(?:\.\/)?((?:media|syntaxes|schemas|l10n)\/[\w./-]+\.\w+)"/g)];
  for (const [, path] of named) assert.ok(files.has(path ?? ''), path);
});
