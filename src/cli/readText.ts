import { decodeLetter } from '../compose/document/decodeLetter.ts';
import { msg, type Text, UserError } from '../shared/errors.ts';
import { readPlainFile } from '../shared/plainFile.ts';

/** A whole text file. One that cannot be read is a UserError with this remedy. */
export async function readText(path: string, remedy: Text, limit?: number): Promise<string> {
  try {
    return decodeLetter(await readPlainFile(path, limit));
  } catch (error) {
    throw unreadable(path, error, remedy);
  }
}

function unreadable(path: string, error: unknown, remedy: Text): UserError {
  if (error instanceof UserError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  if (code === 'ENOENT') return new UserError('missing', msg('There is no file {0}.', path), remedy);
  return new UserError('unreadable', msg('{0} cannot be read ({1}).', path, code), remedy);
}
