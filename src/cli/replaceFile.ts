import { open, rename, rm } from 'node:fs/promises';
import { msg, type Text, UserError } from '../shared/errors.ts';

/** Replaces a file whole or not at all, synced before it gets its name. Throws the UserError `unwritable`. */
export async function replaceFile(
  file: string,
  content: Uint8Array | string,
  mode: number,
  otherwise: Text = msg('Choose another file.'),
): Promise<void> {
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      await handle.chmod(mode);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('unwritable', msg('{0} cannot be written: {1}', file, reason), otherwise, {
      file,
    });
  }
}
