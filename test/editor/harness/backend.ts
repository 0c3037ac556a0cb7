import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { _electron, type Browser, chromium, type Page } from 'playwright-core';
import { ensureEditor } from '../../../scripts/editor.ts';
import { type EditorServer, startServer } from './server.ts';

export interface WindowOptions {
  /** Absolute folder. */
  workspace: string;
  settings: Record<string, unknown>;
  /** Absolute folder of the extension under development, or "" for none. */
  extension: string;
  /** Folders of further extensions. */
  others: readonly string[];
  vsix: readonly string[];
  /** Absolute path of a module exporting `run()`, executed in the extension host, or "". */
  hostTests: string;
  locale: string;
  restricted: boolean;
  viewport: { width: number; height: number };
}

/** One window of the editor, whichever build it is. */
export interface EditorWindow {
  page: Page;
  settingsFile: string;
  /** How the host tests ended; never settles without `hostTests`. */
  hostTestsEnded: Promise<HostTestsEnd>;
  close(): Promise<void>;
}

export interface HostTestsEnd {
  code: number;
  log: string;
}

const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  // Nothing but this machine can be reached, whatever a page or a letter asks for.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

const servers = new Map<string, Promise<EditorServer>>();
let browser: Promise<Browser> | undefined;

after(async () => {
  await (await browser?.catch(() => undefined))?.close();
  for (const server of servers.values()) await (await server.catch(() => undefined))?.stop();
});

export async function openWindow(options: WindowOptions): Promise<EditorWindow> {
  const editor = await ensureEditor();
  if (editor.kind === 'desktop') return openDesktop(editor.executable, options);
  const automation = options.hostTests !== '';
  // In automation the extension comes with the payload, as one under development; otherwise it is installed.
  const serverOptions = { ...options, automation, extension: automation ? '' : options.extension };
  const key = JSON.stringify([options.restricted, options.others, options.vsix, automation, serverOptions.extension]);
  const starting = servers.get(key) ?? startServer(editor, serverOptions);
  servers.set(key, starting);
  browser ??= chromium.launch({ executablePath: editor.chromium, args: BROWSER_FLAGS });
  return openInBrowser(await starting, await browser, options);
}

async function openInBrowser(server: EditorServer, browser: Browser, options: WindowOptions): Promise<EditorWindow> {
  await writeJson(server.settingsFile, options.settings);
  const context = await browser.newContext({ viewport: options.viewport, locale: 'en-US', colorScheme: 'light' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  if (options.locale !== 'en')
    await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(options.locale)};`);
  const page = await context.newPage();
  const hostTestsEnded = listenToHostTests(page);
  const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (options.extension && options.hostTests) payload.push(['extensionDevelopmentPath', remote(options.extension)]);
  if (options.hostTests) payload.push(['extensionTestsPath', remote(options.hostTests)]);
  const query = `folder=${encodeURIComponent(options.workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  await page.goto(`http://127.0.0.1:${server.port}/?${query}`);
  return { page, settingsFile: server.settingsFile, hostTestsEnded, close: () => context.close() };
}

/** The automation hooks of the editor's own browser tests. */
function listenToHostTests(page: Page): Promise<HostTestsEnd> {
  let log = '';
  return new Promise((resolve) => {
    void page.exposeFunction('codeAutomationLog', (kind: string, args: unknown[]) => {
      log += `${kind}: ${args.map(String).join(' ')}\n`;
    });
    void page.exposeFunction('codeAutomationExit', (code: number) => resolve({ code, log }));
  });
}

async function openDesktop(executable: string, options: WindowOptions): Promise<EditorWindow> {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-ed-'));
  const settingsFile = join(folder, 'data/User/settings.json');
  await writeJson(settingsFile, options.settings);
  const args = ['--user-data-dir', join(folder, 'data'), '--extensions-dir', join(folder, 'extensions')];
  args.push('--skip-welcome', '--skip-release-notes', '--disable-updates', '--disable-telemetry', '--no-sandbox');
  if (!options.restricted) args.push('--disable-workspace-trust');
  if (options.locale !== 'en') args.push('--locale', options.locale);
  if (options.extension) args.push(`--extensionDevelopmentPath=${options.extension}`);
  if (options.hostTests) args.push(`--extensionTestsPath=${options.hostTests}`);
  for (const other of options.others) args.push(`--extensionDevelopmentPath=${other}`);
  for (const vsix of options.vsix) {
    const { resolveCliArgsFromVSCodeExecutablePath } = await import('@vscode/test-electron');
    const [cli, ...rest] = resolveCliArgsFromVSCodeExecutablePath(executable);
    const { must } = await import('../../../scripts/lib/run.ts');
    await must(cli ?? executable, [...rest, ...args.slice(0, 4), '--install-extension', vsix]);
  }
  const app = await _electron.launch({ executablePath: executable, args: [...args, options.workspace] });
  const page = await app.firstWindow();
  const hostTestsEnded = new Promise<HostTestsEnd>((resolve) =>
    app.process().once('exit', (code) => resolve({ code: code ?? 1, log: '' })),
  );
  return {
    page,
    settingsFile,
    hostTestsEnded,
    close: async () => {
      await app.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
