import { entriesOver } from '../letter/readersBefore.ts';
import type { EngineApi } from '../protocol/engineApi.ts';
import { msg, UserError } from '../shared/errors.ts';
import { parseSuppressionEntry } from '../shared/suppressionEntry.ts';
import { plural } from '../shared/words.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { suppressionFile, suppressLeftOut } from './suppressionFiles.ts';
import { clockTime, dim, print, printJson, table } from './terminal.ts';
import { say } from './words.ts';

const reasons = ['unsubscribed', 'bounced', 'complained', 'blocked'] as const;

/** `envoi suppress ADDRESS… [--reason WHY] [--file LIST]`, `envoi unsuppress ADDRESS…`: domains work too. */
export async function changeSuppressions(
  verb: 'suppress' | 'unsuppress',
  written: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const reason = reasons.find((known) => known === (options.reason ?? 'blocked'));
  if (!reason)
    throw new UserError('usage', msg('The reason must be one of {0}.', reasons.join(', ')), msg('Correct --reason.'));
  const [more] = written;
  if (verb === 'suppress' && more !== undefined && (options.file !== undefined || options.leftOut !== undefined))
    throw new UserError('usage', msg('“{0}” is one word too many.', more), msg('See “envoi {0} --help”.', verb));
  if (verb === 'suppress' && options.file !== undefined)
    return suppressionFile('import', options.file, reason, options);
  if (verb === 'suppress' && options.leftOut !== undefined) return suppressLeftOut(options.leftOut, options);
  if (written.length === 0)
    throw new UserError('usage', msg('No address was given.'), msg('Usage: envoi {0} ADDRESS.', verb));
  const entries = written.map(readEntry);
  const connection = await connectEngineFor(options, 'look');
  try {
    if (verb === 'unsuppress') {
      await connection.engine.unsuppress({ entries });
      await tellUnsuppressed(connection.engine, entries, options);
      return EXIT.sent;
    }
    await connection.engine.suppress({
      entries: entries.map((entry) => ({ entry, reason, note: '', at: Date.now() })),
    });
    if (options.json) printJson({ event: verb, entries });
    else print(`  ${entries.join(', ')}: ${say(msg('suppressed ({0})', reason))}`);
    return EXIT.sent;
  } finally {
    await connection.close();
  }
}

/** An address may be suppressed by its domain all the same, or by what is kept of one that was erased. */
async function tellUnsuppressed(engine: EngineApi, entries: readonly string[], options: CommandOptions): Promise<void> {
  const stillBy = await entriesOver(engine, entries);
  const free = entries.filter((entry) => !stillBy.has(entry));
  if (options.json) return printJson({ event: 'unsuppress', entries, stillSuppressed: Object.fromEntries(stillBy) });
  if (free.length > 0) print(`  ${free.join(', ')}: ${say(msg('may be mailed again'))}`);
  for (const [entry, by] of stillBy) print(`  ${entry}: ${say(msg('still suppressed by {0}', by))}`);
}

/** `envoi suppressions undo CAMPAIGN`: undoes its marks; unsubscribes stay. */
async function undoSuppressions(campaign: string | undefined, options: CommandOptions): Promise<number> {
  if (campaign === undefined)
    throw new UserError('usage', msg('No campaign was given.'), msg('See the list with “envoi status”.'));
  const connection = await connectEngineFor(options, 'look');
  try {
    const entries = await connection.engine.undoSuppressions({ campaign });
    if (options.json) printJson({ event: 'undone', campaign, entries });
    else {
      for (const entry of entries) print(`  ${entry}`);
      print(
        `  ${say(plural('{0} address may be mailed again.', '{0} addresses may be mailed again.', entries.length))}`,
      );
    }
    return EXIT.sent;
  } finally {
    await connection.close();
  }
}

/** `envoi suppressions [import|export|sync FILE]` */
export async function listSuppressions(words: readonly string[], options: CommandOptions): Promise<number> {
  const [verb, file] = words;
  if (verb === 'undo') return undoSuppressions(file, options);
  if (verb === 'import' || verb === 'export' || verb === 'sync') return suppressionFile(verb, file, 'blocked', options);
  if (verb !== undefined)
    throw new UserError(
      'usage',
      msg('No valid subcommand was given.'),
      msg('Usage: envoi suppressions import|export|sync FILE.'),
    );
  const connection = await connectEngineFor(options, 'look');
  try {
    let after = '';
    let count = 0;
    for (;;) {
      const page = await connection.engine.suppressions({ after, limit: 1000 });
      count += page.length;
      if (options.json) for (const item of page) printJson({ event: 'suppression', ...item });
      else if (page.length > 0)
        print(table(page.map((item) => [item.entry, item.reason, dim(`${clockTime(item.at)} ${item.note}`)])));
      const last = page.at(-1);
      if (!last || page.length < 1000) break;
      after = last.entry;
    }
    if (count === 0 && !options.json) print(`  ${say(msg('There are no suppressed addresses.'))}`);
    return EXIT.sent;
  } finally {
    await connection.close();
  }
}

function readEntry(text: string): string {
  const entry = parseSuppressionEntry(text);
  if (entry) return entry;
  throw new UserError(
    'badAddress',
    msg('“{0}” is neither an address nor a domain.', text),
    msg('Correct it and try again.'),
  );
}
