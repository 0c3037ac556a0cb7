import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import { editorPackages, ensurePackages, chromium as installed } from '../../scripts/lib/debianPackages.ts';
import { pageHtml, staticHtml } from '../../src/host/pages/pageHtml.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export interface OpenPage {
  page: Page;
  browser: Browser;
  /** Every address the browser asked for, the page's own files left out. */
  requests: string[];
  /** What the page told the extension. */
  sent: Record<string, unknown>[];
  send(message: unknown): Promise<void>;
  /** Waits until the page has sent such a message, and gives back the last one. */
  message(type: string, fits?: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

export interface OpenOptions {
  bundle: 'preview' | 'report' | 'mailbox' | 'before';
  /** The content of a page that runs no script. */
  still?: string;
  strings: object;
  data?: Record<string, string>;
  remoteImages?: boolean;
  /** Values of the editor's theme variables. */
  theme?: Record<string, string>;
  themeClass?: string;
  viewport?: { width: number; height: number };
  state?: unknown;
}

/** A page of a webview in a plain browser, under the very policy it has in the editor. */
export async function openPage(test: TestContext, options: OpenOptions): Promise<OpenPage> {
  const built = await build({
    entryPoints: [
      ...(options.still === undefined ? [`${root}/media/${options.bundle}.ts`] : []),
      `${root}/media/${options.bundle}.css`,
    ],
    bundle: true,
    write: false,
    outdir: '/',
    format: 'iife',
  });
  const files = new Map(built.outputFiles.map((file) => [file.path.slice(file.path.lastIndexOf('/')), file.text]));
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    if (request.url === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(html);
    } else {
      response.setHeader('content-type', request.url?.endsWith('.css') ? 'text/css' : 'text/javascript');
      response.statusCode = file === undefined ? 404 : 200;
      response.end(file);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const whole = {
    nonce: 'bm9uY2Ugb2YgYSB0ZXN0',
    cspSource: origin,
    script: `/${options.bundle}.js`,
    style: `/${options.bundle}.css`,
    title: 'Page',
    language: 'en',
    strings: options.strings,
    data: options.data ?? {},
    remoteImages: options.remoteImages ?? false,
  };
  const html = options.still === undefined ? pageHtml(whole) : staticHtml({ ...whole, body: options.still });
  const browser = await chromium.launch({
    executablePath: await browserPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  test.after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });
  const context = await browser.newContext({ viewport: options.viewport ?? { width: 720, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const requests: string[] = [];
  const sent: Record<string, unknown>[] = [];
  const own = new Set(['/', `/${options.bundle}.js`, `/${options.bundle}.css`].map((path) => origin + path));
  // Recorded where the network begins, so that what a policy stops before is not counted and nothing leaves either.
  await context.route('**/*', (route) => {
    const url = route.request().url();
    if (own.has(url)) return route.continue();
    if (!/^(?:data|blob|about):/.test(url)) requests.push(url);
    return route.abort();
  });
  const heard = new EventTarget();
  await page.exposeFunction('tellTest', (message: Record<string, unknown>) => {
    sent.push(message);
    heard.dispatchEvent(new Event('message'));
  });
  const start = JSON.stringify({
    state: options.state ?? null,
    theme: options.theme ?? {},
    themeClass: options.themeClass ?? 'vscode-light',
  });
  // The part of the editor that a page sees: its connection, its theme.
  await page.addInitScript(`{
    const start = ${start};
    let kept = start.state;
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (message) => globalThis.tellTest(message),
      getState: () => kept,
      setState: (next) => { kept = next; },
    });
    if (globalThis.top === globalThis) document.addEventListener('DOMContentLoaded', () => {
      for (const [name, value] of Object.entries(start.theme)) document.documentElement.style.setProperty(name, value);
      document.body.classList.add(start.themeClass);
    });
  }`);
  await page.goto(`${origin}/`);
  const message: OpenPage['message'] = async (type, fits = () => true) => {
    for (;;) {
      const found = sent.findLast((candidate) => candidate.type === type && fits(candidate));
      if (found) return found;
      await new Promise<void>((done) => heard.addEventListener('message', () => done(), { once: true }));
    }
  };
  if (options.still === undefined) await message('ready');
  return {
    page,
    browser,
    requests,
    sent,
    message,
    send: (what) => page.evaluate(`window.postMessage(${JSON.stringify(what)}, '*')`),
  };
}

/** Waits until an expression holds in a page or frame, whose policy allows no evaluation of its own. */
export async function until(where: Page | Frame, expression: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await where.evaluate(`Boolean(${expression})`))) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for: ${expression}`);
    await new Promise((done) => setImmediate(done));
  }
}

/** Every string is its own name: tests look for words that nobody translates. */
export function namedStrings(file: OpenOptions['bundle']): Record<string, string> {
  const source = readFileSync(`${root}/src/protocol/${file}Messages.ts`, 'utf8');
  const names = /interface \w+Strings \{([\s\S]*?)\n\}/.exec(source)?.[1]?.matchAll(/^ {2}(\w+): string;$/gm) ?? [];
  return Object.fromEntries([...names].map((match) => [match[1], match[1]]));
}

export async function browserPath(): Promise<string> {
  if (!installed()) await ensurePackages(editorPackages);
  const path = installed();
  if (!path) throw new Error('These tests want Chromium; set ENVOI_CHROMIUM to its path.');
  return path;
}
