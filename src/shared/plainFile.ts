import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { msg, UserError } from './errors.ts';

const CHUNK = 256 * 1024;

/**
 * Reads a whole file from an untrusted place. A pipe or a device, which could block or never
 * never end, is the UserError `notAFile`; what is larger than `limit` is `tooLarge`. Else throws the system's error.
 */
export async function readPlainFile(path: string, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const file = await openPlainFile(path);
  try {
    const { size } = await file.stat();
    if (size > limit) throw tooLarge(path, limit);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

export async function readPlainText(path: string, limit = Number.POSITIVE_INFINITY): Promise<string> {
  return (await readPlainFile(path, limit)).toString('utf8');
}

/** The same, piece by piece. */
export async function* streamPlainFile(path: string): AsyncGenerator<Uint8Array> {
  const file = await openPlainFile(path);
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Opened without blocking, then checked: the file that was checked is the one that is read. */
async function openPlainFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    // A socket cannot be opened at all.
    throw codeOf(error) === 'ENXIO' ? notAFile(path) : error;
  });
  try {
    const stat = await file.stat();
    // Reading a folder fails with its own error.
    if (!stat.isFile() && !stat.isDirectory()) throw notAFile(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

export function notAFile(path: string): UserError {
  return new UserError(
    'notAFile',
    msg('{0} is a pipe or a device, not a file.', path),
    msg('Put an ordinary file there, or correct the path.'),
    { file: path },
  );
}

function tooLarge(path: string, limit: number): UserError {
  return new UserError(
    'tooLarge',
    msg('The file {0} is larger than {1} MB.', path, Math.floor(limit / 1024 / 1024)),
    msg('Make it smaller, or link to it.'),
    { file: path },
  );
}
