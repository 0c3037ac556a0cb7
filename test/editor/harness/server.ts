import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { NpmEditor } from '../../../scripts/lib/npmEditor.ts';
import { run } from '../../../scripts/lib/run.ts';

const START_MS = 60_000;

/** One running server build of the editor. Tests of one file share it; each test has a browser context of its own. */
export interface EditorServer {
  port: number;
  /** Everything of this server: profile, extensions, logs. Removed by `stop`. */
  folder: string;
  /** User settings.json of the browser client. */
  settingsFile: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Folder of an unpacked extension to install as it is, or "". */
  extension: string;
  /** Folders of further extensions, installed as they are. */
  others: readonly string[];
  /** Packaged extensions to install before the start. */
  vsix: readonly string[];
  /** Listens to the automation payload (host tests). In this mode the editor shows no notification toasts. */
  automation: boolean;
  /** Restricted Mode: new folders are not trusted. */
  restricted: boolean;
}

export async function startServer(editor: NpmEditor, options: ServerOptions): Promise<EditorServer> {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-ed-'));
  const user = join(folder, 'server/data/User');
  await mkdir(user, { recursive: true });
  const places = ['--server-data-dir', join(folder, 'server'), '--extensions-dir', join(folder, 'extensions')];
  const common = [editor.serverMain, '--accept-server-license-terms', ...places];
  for (const vsix of options.vsix) {
    const { code, output } = await run(editor.node, [...common, '--install-extension', vsix]);
    if (code !== 0) throw new Error(`The editor refused to install ${vsix}.\n${output}`);
  }
  await mkdir(join(folder, 'extensions'), { recursive: true });
  for (const path of [...(options.extension ? [options.extension] : []), ...options.others])
    await symlink(path, join(folder, 'extensions', basename(path)));
  const port = await closedPort();
  const flags = ['--without-connection-token', '--disable-telemetry'];
  if (options.automation) flags.push('--enable-smoke-test-driver');
  if (!options.restricted) flags.push('--disable-workspace-trust');
  const args = [...common, ...flags, '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(editor.node, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', VSCODE_PROXY_URI: '' },
  });
  const kill = () => endGroup(child);
  const end = () => process.exit(1);
  process.once('exit', kill);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  const stop = async () => {
    process.removeListener('exit', kill);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, end);
    kill();
    if (child.exitCode === null && child.signalCode === null)
      await new Promise<void>((resolve) => child.once('close', () => resolve()));
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await ready(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, folder, settingsFile: join(user, 'settings.json'), stop };
}

/** The server says on which port its extension hosts listen once it accepts connections. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`The editor's server did not start.\n${said}`)), START_MS);
    const hear = (piece: Buffer) => {
      said += piece.toString('utf8');
      if (!said.includes('Extension host agent listening')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The editor's server ended with code ${code}.\n${said}`));
    });
  });
}

function closedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/**
 * Ends what outlives the editor on purpose (the engine): processes whose command line, environment or working folder
 * names a folder that only this test uses. Linux only; elsewhere the engine ends by itself when it is idle.
 */
export async function endProcessesOf(folder: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  for (const pid of pids) {
    const texts = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
    ]);
    if (!texts.some((text) => text.includes(folder))) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}
