import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openWindow } from './backend.ts';
import { EditorDriver } from './editorDriver.ts';
import { endProcessesOf } from './server.ts';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

export type Theme = 'light' | 'dark' | 'highContrast' | 'highContrastLight';

export interface OpenOptions {
  /** Files of the workspace by relative path; a folder (absolute) is copied first when given. */
  files?: Record<string, string>;
  copyOf?: string;
  /** User settings over the tidy ones; `envoi.stateDirectory` is set to a folder of this test's own. */
  settings?: Record<string, unknown>;
  /** The extension's folder; the checkout when absent. */
  extension?: string;
  /** Folders of further extensions. */
  others?: readonly string[];
  /** Packaged extensions instead of the one in the checkout. */
  vsix?: readonly string[];
  theme?: Theme;
  locale?: 'en' | 'fr';
  restricted?: boolean;
  viewport?: { width: number; height: number };
  /** A module exporting `run()` for the extension host, absolute path. */
  hostTests?: string;
}

/** A place on disk that one test owns: its workspace and the engine's state. Removed after the test. */
export interface Sandbox {
  folder: string;
  workspace: string;
  state: string;
}

const THEMES: Record<Theme, string> = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
};

/** What keeps pictures free of what is not ours. */
const TIDY = {
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.editor.useModal': 'off',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.layoutControl.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.reduceMotion': 'on',
  'extensions.ignoreRecommendations': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'update.mode': 'none',
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'window.commandCenter': false,
  'window.dialogStyle': 'custom',
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'files.simpleDialog.enable': true,
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
};

/**
 * Opens the real editor on a workspace of this test's own, with Envoi from this checkout (built beforehand). Closed,
 * with the engine it started, when the test ends; a test that fails leaves a picture in test-results.
 */
export async function openEditor(test: TestContext, options: OpenOptions = {}): Promise<EditorDriver> {
  const sandbox = await makeSandbox(test, options);
  return openEditorIn(test, sandbox, options);
}

/** Like `openEditor`, in a place made before: for a second window, or one opened again after a close. */
export async function openEditorIn(
  test: TestContext,
  sandbox: Sandbox,
  options: OpenOptions = {},
): Promise<EditorDriver> {
  const window = await openWindow({
    workspace: sandbox.workspace,
    settings: {
      ...TIDY,
      'workbench.colorTheme': THEMES[options.theme ?? 'light'],
      'envoi.stateDirectory': sandbox.state,
      ...options.settings,
    },
    extension: options.vsix ? '' : (options.extension ?? repository),
    others: options.others ?? [],
    vsix: options.vsix ?? [],
    hostTests: options.hostTests ?? '',
    locale: options.locale ?? 'en',
    restricted: options.restricted ?? false,
    viewport: options.viewport ?? { width: 1280, height: 800 },
  });
  const driver = new EditorDriver(window, sandbox, repository);
  let closed = false;
  driver.onClose(async () => {
    if (closed) return;
    closed = true;
    await window.close();
  });
  test.after(async () => {
    if (!closed && 'passed' in test && !test.passed)
      await driver.pictureOfFailure(test.fullName).catch(() => undefined);
    await driver.close();
  });
  if (!options.hostTests) await driver.ready();
  return driver;
}

export async function makeSandbox(test: TestContext, options: Pick<OpenOptions, 'files' | 'copyOf'>): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-ws-'));
  test.after(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const workspace = join(folder, 'newsletters');
  await mkdir(workspace);
  if (options.copyOf) await cp(options.copyOf, workspace, { recursive: true });
  for (const [path, content] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), content);
  }
  return { folder, workspace, state: join(folder, 'state') };
}
