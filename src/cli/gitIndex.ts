import { closeSync, fstatSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { repositoryOf } from './gitCommit.ts';

/** A folder of letters has no larger index. */
const MOST = 64 * 1024 * 1024;
const ENTRY = 62;
const LONGEST = 4096;

/**
 * Whether the user's repository that contains a file tracks it. Its index is read as a file: git would run programs that
 * the repository names. False where that cannot be determined.
 */
export function isTracked(path: string): boolean {
  try {
    const real = join(realpathSync(dirname(path)), basename(path));
    const root = repositoryOf(dirname(real));
    if (root === null) return false;
    const name = relative(root, real).split(sep).join('/');
    return indexNames(readWhole(join(gitFolder(root), 'index')), name);
  } catch {
    return false;
  }
}

/** In a work tree or a submodule, `.git` is a file that says where the folder is. */
function gitFolder(root: string): string {
  const at = join(root, '.git');
  try {
    const said = /^gitdir: ([^\0\r\n]{1,4000})\s*$/.exec(readFileSync(at, 'utf8'))?.[1];
    return said === undefined ? at : resolve(root, said);
  } catch {
    return at;
  }
}

function readWhole(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size > MOST) throw new Error('too large');
    const bytes = Buffer.alloc(size);
    return bytes.subarray(0, readSync(file, bytes, 0, size, 0));
  } finally {
    closeSync(file);
  }
}

/**
 * Whether an index file of git (versions 2 to 4, gitformat-index) has an entry of this name. Throws a RangeError for one
 * that is damaged; object names of SHA-256 repositories are longer and are not read.
 */
export function indexNames(bytes: Buffer, name: string): boolean {
  if (bytes.toString('latin1', 0, 4) !== 'DIRC') return false;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return false;
  const wanted = Buffer.from(name);
  let before = Buffer.alloc(0);
  let at = 12;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const isExtended = version > 2 && (bytes.readUInt16BE(at + 60) & 0x4000) !== 0;
    const start = at + ENTRY + (isExtended ? 2 : 0);
    const [from, kept] = version === 4 ? prefix(bytes, start, before.length) : [start, 0];
    const end = bytes.indexOf(0, from);
    if (end === -1 || end - from > LONGEST) throw new RangeError('the index has no such names');
    const found = version === 4 ? Buffer.concat([before.subarray(0, kept), bytes.subarray(from, end)]) : null;
    if ((found ?? bytes.subarray(from, end)).equals(wanted)) return true;
    before = found ?? before;
    // Entries of the older versions are padded to a multiple of eight bytes.
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  return false;
}

/** How much of the name before goes on: a number that says how much of its end is dropped, seven bits a byte. */
function prefix(bytes: Buffer, start: number, length: number): [from: number, kept: number] {
  let at = start;
  let byte = bytes.readUInt8(at++);
  let dropped = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes.readUInt8(at++);
    dropped = (dropped + 1) * 128 + (byte & 0x7f);
  }
  if (dropped > length) throw new RangeError('the index names no such beginning');
  return [at, length - dropped];
}
