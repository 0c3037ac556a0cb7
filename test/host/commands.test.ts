import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandIds } from '../../src/host/commands/ids.ts';
import { tooltipCommands } from '../../src/host/status/tooltip.ts';
import { text } from '../repository/sources.ts';

interface MenuItem {
  command: string;
  when?: string;
}

const manifest = JSON.parse(text('package.json'));
const english: Record<string, string> = JSON.parse(text('package.nls.json'));
const french: Record<string, string> = JSON.parse(text('package.nls.fr.json'));
const menus: Record<string, MenuItem[]> = manifest.contributes.menus;

test('the manifest declares every command of the code, and no other', () => {
  const declared = manifest.contributes.commands.map((item: { command: string }) => item.command);
  assert.deepEqual(declared.sort(), [...commandIds].sort());
});

test('menus, welcome texts and tooltips name only existing commands', () => {
  const known = new Set<string>(commandIds);
  const named = Object.values(menus).flatMap((items) => items.map((item) => item.command));
  for (const texts of [english, french])
    for (const words of Object.values(texts))
      for (const [, id] of words.matchAll(/\(command:(envoi\.\w+)/g)) named.push(id ?? '');
  for (const command of [...named, ...tooltipCommands]) assert.ok(known.has(command), command);
});

test('every command has a title in both languages, verb first, without the name of the extension', () => {
  for (const { title, category } of manifest.contributes.commands) {
    const key = String(title).slice(1, -1);
    for (const texts of [english, french]) assert.ok(texts[key], key);
    assert.doesNotMatch(english[key] ?? '', /envoi/i);
    assert.equal(category, 'Envoi');
  }
});

test('sending is never an icon beside the title of an editor, and cannot be run in Restricted Mode', () => {
  const icons = (menus['editor/title'] ?? []).filter((item) =>
    String((item as { group?: string }).group).startsWith('navigation'),
  );
  assert.deepEqual(
    icons.map((item) => item.command),
    ['envoi.previewNewsletter'],
  );
  for (const id of ['envoi.sendNewsletter', 'envoi.sendTest', 'envoi.sendLater', 'envoi.resendFailed']) {
    const command = manifest.contributes.commands.find((item: { command: string }) => item.command === id);
    assert.match(command.enablement, /isWorkspaceTrusted/, id);
  }
});
