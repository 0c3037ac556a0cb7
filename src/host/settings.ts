import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { providerIds } from '../providers/lookup.ts';
import { defaultSettings } from '../shared/defaultSettings.ts';
import { type Finding, msg, UserError } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';
import { editorKeys, joinedKeys, readSettings } from '../shared/settingsReader.ts';

/** What names a host, a path, a key or a limit: only the person's own settings count, never a workspace's. */
export const applicationKeys: readonly string[] = [
  'servers',
  'caFiles',
  'dkim',
  'direct',
  'unsubscribe',
  'mailboxes',
  'stateDirectory',
  'oauth',
];

export interface SettingsRead {
  settings: Settings;
  findings: readonly Finding[];
}

/**
 * The settings as they hold for this document, checked once. Findings of severity "error" forbid sending; a value that
 * a workspace tries to set although only the person may is refused with a finding.
 */
export function readConfiguration(scope: vscode.Uri | undefined, context: vscode.ExtensionContext): SettingsRead {
  const configuration = vscode.workspace.getConfiguration('envoi', scope ?? null);
  const raw: Record<string, unknown> = {};
  const refused: Finding[] = [];
  for (const key of keysOf(configuration)) {
    const inspected = configuration.inspect(key);
    if (applicationKeys.includes(key)) {
      raw[`envoi.${key}`] = plain(inspected?.globalValue ?? inspected?.defaultValue);
      if (inspected?.workspaceValue !== undefined || inspected?.workspaceFolderValue !== undefined)
        refused.push(workspaceValue(key));
    } else {
      raw[`envoi.${key}`] = plain(configuration.get(key));
    }
  }
  for (const [key, value] of Object.entries(raw)) if (isUnset(value)) delete raw[key];
  const { settings, findings } = readSettings(raw, {
    file: 'settings.json',
    baseDir: userFolder(context),
    providers: providerIds,
  });
  return { settings, findings: [...findings, ...refused] };
}

/** Like `readConfiguration`, but a wrong value is an error with its key. */
export function requireSettings(scope: vscode.Uri | undefined, context: vscode.ExtensionContext): Settings {
  const { settings, findings } = readConfiguration(scope, context);
  const first = findings.find((finding) => finding.severity === 'error');
  if (first) throw new UserError(first.code, first.text, msg('Nothing was sent.'), first.place);
  return settings;
}

export function editorSetting<T>(key: (typeof editorKeys)[number] | string, scope?: vscode.Uri): T | undefined {
  const configuration = vscode.workspace.getConfiguration('envoi', scope ?? null);
  const root = key.split('.')[0] ?? key;
  if (!applicationKeys.includes(root)) return configuration.get<T>(key);
  const inspected = configuration.inspect<T>(key);
  return inspected?.globalValue ?? inspected?.defaultValue;
}

function keysOf(configuration: vscode.WorkspaceConfiguration): string[] {
  const written = Object.keys(configuration).filter((key) => typeof configuration[key] !== 'function');
  return [...new Set([...Object.keys(defaultSettings), ...editorKeys, ...joinedKeys, ...written])];
}

function workspaceValue(key: string): Finding {
  return {
    severity: 'error',
    code: 'workspaceSetting',
    text: msg(
      'This workspace sets {0}, which only your own settings may do, because it decides where mail and passwords go. Remove it from the workspace.',
      `envoi.${key}`,
    ),
    place: { file: 'settings.json', key: `envoi.${key}` },
  };
}

/** Configuration values are proxies over merged objects; what leaves this file is plain. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** The schema's empty defaults mean "not set": an empty route is the built-in one, not a wrong one. */
function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The folder of settings.json: relative paths in settings start there. */
function userFolder(context: vscode.ExtensionContext): string {
  return dirname(dirname(context.globalStorageUri.fsPath));
}
