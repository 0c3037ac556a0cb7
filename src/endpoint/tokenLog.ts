import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { msg, UserError } from '../shared/errors.ts';

/**
 * The tokens that arrived, on disk: one append-only file. Its first line names the file, so that a reader
 * notices when another was put in its place; every further line is `<token> <epoch ms>`.
 *
 * - `append` resolves once the line is on disk (fsync); concurrent calls share one.
 * - A line torn by a crash is cut off on opening: its client was never told that it was stored.
 * - A cursor is an offset in octets at the start of a line.
 */
export interface TokenLog {
  readonly id: string;
  append(token: string, at: number): Promise<'kept' | 'full'>;
  /** Lines from `cursor` on, at most `limit`; from the start when the cursor does not belong to this file. */
  read(cursor: number, limit: number): Promise<LogPage>;
  close(): Promise<void>;
}

export interface LoggedToken {
  token: string;
  at: number;
}

export interface LogPage {
  tokens: readonly LoggedToken[];
  /** Where to continue. */
  next: number;
  /** Whether more lines follow. */
  more: boolean;
}

const HEAD = /^envoi-tokens ([0-9a-f]{32})$/;
const LINE = /^([\w-]{1,128}) (\d{1,16})$/;
/** Longest line with its newline, in octets. */
const LONGEST = 128 + 1 + 16 + 1;

export interface TokenLogOptions {
  folder: string;
  /** Octets after which nothing more is accepted: strangers must not fill the disk. */
  largest: number;
}

/** Throws a UserError when the file is not a token log. */
export async function openTokenLog({ folder, largest }: TokenLogOptions): Promise<TokenLog> {
  const path = join(folder, 'unsubscribed.log');
  const file = await open(path, 'a+', 0o600);
  try {
    const { id, size } = await recover(file, path);
    return new FileTokenLog(file, id, size, largest);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function recover(file: FileHandle, path: string): Promise<{ id: string; size: number }> {
  const { size } = await file.stat();
  const end = await endOfLastLine(file, size);
  if (end < size) await file.truncate(end);
  if (end === 0) {
    const id = randomBytes(16).toString('hex');
    const head = `envoi-tokens ${id}\n`;
    await file.appendFile(head);
    await file.sync();
    return { id, size: Buffer.byteLength(head) };
  }
  const head = (await readAt(file, 0, 64)).toString('latin1').split('\n', 1)[0] ?? '';
  const id = HEAD.exec(head)?.[1];
  if (id) return { id, size: end };
  throw new UserError(
    'notTokenLog',
    msg('“{0}” is not a log of unsubscribe tokens.', path),
    msg('Choose another folder with --store.'),
    { file: path },
  );
}

/** Offset after the last newline; only the last line can be torn, so a few octets are enough. */
async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  const from = Math.max(0, size - 2 * LONGEST);
  const tail = await readAt(file, from, size - from);
  return from + tail.lastIndexOf(0x0a) + 1;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

interface Waiting {
  line: string;
  done: (outcome: 'kept' | 'full') => void;
  failed: (error: unknown) => void;
}

class FileTokenLog implements TokenLog {
  readonly id: string;
  readonly #file: FileHandle;
  readonly #largest: number;
  #size: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(file: FileHandle, id: string, size: number, largest: number) {
    this.#file = file;
    this.id = id;
    this.#size = size;
    this.#largest = largest;
  }

  append(token: string, at: number): Promise<'kept' | 'full'> {
    const line = `${token} ${at}\n`;
    if (!LINE.test(line.trimEnd())) return Promise.reject(new RangeError('Not a token.'));
    return new Promise((done, failed) => {
      this.#waiting.push({ line, done, failed });
      this.#writing ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const room = Math.max(0, Math.floor((this.#largest - this.#size) / LONGEST));
      const taken = batch.slice(0, room);
      try {
        if (taken.length > 0) await this.#write(taken.map(({ line }) => line).join(''));
        for (const [index, each] of batch.entries()) each.done(index < room ? 'kept' : 'full');
      } catch (error) {
        for (const each of batch) each.failed(error);
      }
    }
    this.#writing = undefined;
  }

  /** All or nothing: half a batch written to a full disk is cut off again. */
  async #write(text: string): Promise<void> {
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
      this.#size += Buffer.byteLength(text);
    } catch (error) {
      await this.#file.truncate(this.#size);
      throw error;
    }
  }

  async read(cursor: number, limit: number): Promise<LogPage> {
    const size = this.#size;
    const start = await this.#startOfLine(cursor, size);
    const piece = await readAt(this.#file, start, Math.min(size - start, limit * LONGEST));
    const tokens: LoggedToken[] = [];
    let next = start;
    for (const line of piece.toString('latin1').split('\n').slice(0, -1)) {
      if (tokens.length === limit) break;
      next += line.length + 1;
      const [, token, at] = LINE.exec(line) ?? [];
      if (token) tokens.push({ token, at: Number(at) });
    }
    return { tokens, next, more: next < size };
  }

  async #startOfLine(cursor: number, size: number): Promise<number> {
    if (!Number.isSafeInteger(cursor) || cursor <= 0 || cursor > size) return 0;
    const [before] = await readAt(this.#file, cursor - 1, 1);
    return before === 0x0a ? cursor : 0;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }
}
