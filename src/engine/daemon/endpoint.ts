import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { msg, UserError } from '../../shared/errors.ts';

/** Longer paths are silently truncated or refused by the system (macOS: 103). */
const MAX_PATH = 100;
/** Checked each time an engine starts. */
const MAX_DEAD = 200;

/**
 * A local address for the engine's socket: on Windows a named pipe, elsewhere a short path in a directory that only this
 * user can enter. Throws a UserError when that directory is somebody else's.
 */
export function makeEndpoint(stateDir: string): { endpoint: string; remove: () => void } {
  const name = createHash('sha256').update(stateDir).digest('hex').slice(0, 8) + randomBytes(3).toString('hex');
  if (process.platform === 'win32') return { endpoint: `\\\\.\\pipe\\envoi-${name}`, remove: () => {} };
  const base = process.env.XDG_RUNTIME_DIR || tmpdir();
  for (const parent of [base, '/tmp']) {
    const folder = join(parent, `envoi-${userInfo().uid}`);
    const endpoint = join(folder, `${name}.sock`);
    if (Buffer.byteLength(endpoint) > MAX_PATH) continue;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch {
      continue;
    }
    checkOwned(folder);
    return { endpoint, remove: () => rmSync(endpoint, { force: true }) };
  }
  throw new UserError(
    'endpoint',
    msg('No short private directory was found for the engine’s socket; {0} cannot be used.', base),
    msg('Set TMPDIR to a short path that you own.'),
  );
}

/** Sockets left behind by killed engines: nothing answers there. A live engine never refuses. */
export async function removeDeadSockets(): Promise<void> {
  if (process.platform === 'win32') return;
  for (const parent of new Set([process.env.XDG_RUNTIME_DIR || tmpdir(), '/tmp'])) {
    const folder = join(parent, `envoi-${userInfo().uid}`);
    const names = await readdir(folder).catch(() => []);
    const sockets = names.filter((name) => name.endsWith('.sock')).slice(0, MAX_DEAD);
    await Promise.all(sockets.map((name) => removeDead(join(folder, name))));
  }
}

function removeDead(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const done = (dead: boolean) => {
      socket.destroy();
      if (dead) rmSync(path, { force: true });
      resolve();
    };
    socket.setTimeout(200, () => done(false));
    socket.once('connect', () => done(false));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code === 'ECONNREFUSED'));
  });
}

function checkOwned(folder: string): void {
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== userInfo().uid) {
    throw new UserError(
      'endpoint',
      msg('{0} does not belong to you.', folder),
      msg('Remove it, or set TMPDIR to a directory of your own.'),
    );
  }
  chmodSync(folder, 0o700);
}
