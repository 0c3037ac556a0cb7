// Chooses the editor the tests drive: VS Code for the desktop where it can be downloaded and shown, otherwise its
// server build made from npm packages, in a headless browser. ENVOI_EDITOR=desktop|npm decides by hand.
import { pathToFileURL } from 'node:url';
import { chromium, editorPackages, ensurePackages } from './lib/debianPackages.ts';
import { ensureNpmEditor, type NpmEditor } from './lib/npmEditor.ts';

export type Editor = ({ kind: 'npm'; chromium: string } & NpmEditor) | { kind: 'desktop'; executable: string };

const RELEASES = 'https://update.code.visualstudio.com/api/releases/stable';
const PROBE_MS = 5_000;

/** Fetches or builds what is missing; the answer is the same for every process of this machine. */
export async function ensureEditor(): Promise<Editor> {
  const wanted = process.env.ENVOI_EDITOR ?? ((await desktopPossible()) ? 'desktop' : 'npm');
  switch (wanted) {
    case 'desktop': {
      const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
      return { kind: 'desktop', executable: await downloadAndUnzipVSCode('stable') };
    }
    case 'npm': {
      await ensurePackages(editorPackages);
      const browser = chromium();
      if (!browser) throw new Error('Chromium was installed but is not on the PATH; set ENVOI_CHROMIUM to its path.');
      return { kind: 'npm', chromium: browser, ...(await ensureNpmEditor()) };
    }
    default:
      throw new Error(`ENVOI_EDITOR is "${wanted}"; it may be "desktop" or "npm".`);
  }
}

/** A window needs a display, and the download its host. A headless or closed machine says no at once. */
async function desktopPossible(): Promise<boolean> {
  const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (!display || process.env.CI) return false;
  return fetch(RELEASES, { signal: AbortSignal.timeout(PROBE_MS) }).then(
    (reply) => reply.ok,
    () => false,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureEditor().then(
    (editor) => console.log(JSON.stringify(editor)),
    (error: Error) => {
      console.error(error.message);
      process.exitCode = 2;
    },
  );
}
