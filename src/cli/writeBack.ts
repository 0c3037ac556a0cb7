import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeBack as editsFor, withEdits } from '../compose/index.ts';
import { suppressionReasons } from '../letter/readersBefore.ts';
import { msg, UserError } from '../shared/errors.ts';
import { readPlainFile } from '../shared/plainFile.ts';
import { plural } from '../shared/words.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { replaceFile } from './replaceFile.ts';
import { dim, print, printJson } from './terminal.ts';
import { withEngine } from './withEngine.ts';
import { say } from './words.ts';

/**
 * `envoi write-back LIST [--remove | --undo]`: marks or removes suppressed readers in a CSV; all else stays byte for
 * byte. The original list is kept next to it, under a name with the hash of what was written: `--undo` restores it as long as
 * the list has not been changed since.
 */
export async function writeBack(named: string | undefined, options: CommandOptions): Promise<number> {
  if (named === undefined)
    throw new UserError('usage', msg('No list was given.'), msg('Usage: envoi write-back list.csv.'));
  const file = await realpath(named).catch(() => {
    throw new UserError('missing', msg('There is no file {0}.', named), msg('Give an existing file.'));
  });
  const bytes = await readPlainFile(file);
  if (options.undo) return undo(named, file, bytes, options);
  const way = options.remove ? 'remove' : 'mark';
  const { connection, result: reasonOf } = await withEngine(
    () => connectEngineFor(options, 'look'),
    ({ engine }) => suppressionReasons(engine),
  );
  await connection.close();
  const found = await editsFor(bytes, way, reasonOf, { file: named });
  if (!found) {
    throw new UserError(
      'listBinary',
      msg('Envoi cannot write to a workbook.'),
      msg('Save it as CSV, and use that as the list.'),
      { file: named },
    );
  }
  if (found.rows === 0) {
    if (options.json) printJson({ event: 'writtenBack', file: named, way, rows: 0 });
    else print(`  ${say(msg('No address on {0} is suppressed.', named))}`);
    return EXIT.sent;
  }
  const { mode } = await stat(file);
  const after = withEdits(bytes, found.edits);
  const copy = copyFor(file, after);
  const older = await copiesOf(file);
  await replaceFile(copy, bytes, mode & 0o600);
  await replaceFile(file, after, mode & 0o777);
  for (const each of older) if (each !== copy) await rm(each, { force: true });
  if (options.json) printJson({ event: 'writtenBack', file: named, way, rows: found.rows, copy });
  else {
    const done =
      way === 'mark'
        ? plural('{0} row of {1} is marked.', '{0} rows of {1} are marked.', found.rows, named)
        : plural('{0} row of {1} is removed.', '{0} rows of {1} are removed.', found.rows, named);
    print(`  ${say(done)}`);
    print(
      `  ${dim(say(msg('The previous version of the list is in {0}. Undo with {1}.', basename(copy), `envoi write-back ${named} --undo`)))}`,
    );
  }
  return EXIT.sent;
}

async function undo(named: string, file: string, now: Uint8Array, options: CommandOptions): Promise<number> {
  const copy = copyFor(file, now);
  if (!existsSync(copy)) {
    throw new UserError(
      'nothingToUndo',
      msg('{0} has changed since then, or nothing was ever written back to it.', named),
      msg('It was left as it is.'),
      { file: named },
    );
  }
  const { mode } = await stat(file);
  await replaceFile(file, await readPlainFile(copy), mode & 0o777);
  await rm(copy);
  if (options.json) printJson({ event: 'writeBackUndone', file: named });
  else print(`  ${say(msg('{0} has been restored.', named))}`);
  return EXIT.sent;
}

const MARK = '.before-';

/** Where the original list is, by the hash of the changed one. */
function copyFor(file: string, after: Uint8Array): string {
  return `${file}${MARK}${createHash('sha256').update(after).digest('hex').slice(0, 16)}`;
}

async function copiesOf(file: string): Promise<string[]> {
  const start = basename(file) + MARK;
  const names = await readdir(dirname(file));
  return names
    .filter((name) => name.startsWith(start) && /^[0-9a-f]{16}$/.test(name.slice(start.length)))
    .map((name) => join(dirname(file), name));
}
