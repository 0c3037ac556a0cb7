import { lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { msg, type Text, UserError } from './errors.ts';

/**
 * Makes a directory that only its owner can enter, and the parents it lacks. One step at a time: Node's recursive mkdir
 * never returns where a parent exists and nothing can be made in it, as under /proc. Throws the system's error.
 */
export function makePrivateDir(path: string): void {
  const missing: string[] = [];
  for (let at = path; !isDirectory(at); at = dirname(at)) {
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  for (const directory of missing) {
    try {
      mkdirSync(directory, { mode: 0o700 });
    } catch (error) {
      if (!isDirectory(directory)) throw error;
    }
  }
}

/** Files of ours in a state directory; there may be others. */
const ours = /^(?:key|engine\.|envoi\.|lock\.)/;

/**
 * Throws the UserError `stateNotPrivate` when somebody else owns a state directory or a file of ours in it, may write there,
 * or leads there by a link: what is in it is trusted, and gets passwords. One that is not there is fine. On Windows the
 * profile's own rights hold.
 */
export function checkPrivateDir(path: string): void {
  const me = process.getuid?.();
  const found = statSync(path, { throwIfNoEntry: false });
  if (me === undefined || !found?.isDirectory()) return;
  const link = lstatSync(path);
  if (link.isSymbolicLink() && link.uid !== me && link.uid !== 0)
    throw notPrivate(path, msg('The link {0} was made by another user.', path));
  if (found.uid !== me) throw notPrivate(path, msg('The state directory {0} belongs to another user.', path));
  if ((found.mode & 0o022) !== 0)
    throw notPrivate(path, msg('Other users can write to the state directory {0}.', path));
  for (const name of readdirSync(path)) {
    if (!ours.test(name)) continue;
    const file = lstatSync(join(path, name), { throwIfNoEntry: false });
    if (file && (!file.isFile() || file.uid !== me))
      throw notPrivate(path, msg('{0} is not a regular file that you own.', join(path, name)));
  }
}

function notPrivate(path: string, what: Text): UserError {
  return new UserError(
    'stateNotPrivate',
    what,
    msg(
      'Check its contents, then make it accessible to you alone (chmod 700), or choose another one. Nothing was sent.',
    ),
    { file: path },
  );
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
