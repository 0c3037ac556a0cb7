import { createReadStream, existsSync } from 'node:fs';
import { basename } from 'node:path';
import { leftForGood, readSuppressions, suppressionHeader, suppressionLine } from '../letter/suppressionFile.ts';
import type { EngineApi, Suppression } from '../protocol/engineApi.ts';
import { parseAddress } from '../shared/address.ts';
import { msg, UserError } from '../shared/errors.ts';
import { plural } from '../shared/words.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { gatherSound, openList } from './gather.ts';
import { replaceFile } from './replaceFile.ts';
import { print, printJson } from './terminal.ts';
import { withEngine } from './withEngine.ts';
import { say } from './words.ts';

const PAGE = 10_000;

/** `envoi suppress --file LIST`, `envoi suppressions import|export|sync FILE`. */
export async function suppressionFile(
  verb: 'import' | 'export' | 'sync',
  file: string | undefined,
  reason: Suppression['reason'],
  options: CommandOptions,
): Promise<number> {
  if (file === undefined)
    throw new UserError('usage', msg('No file was given.'), msg('Usage: envoi suppressions {0} FILE.', verb));
  if (verb === 'import' && !existsSync(file))
    throw new UserError('missing', msg('There is no file {0}.', file), msg('Give an existing file.'));
  const { connection, result } = await withEngine(
    () => connectEngineFor(options, 'look'),
    async ({ engine }) => {
      const read = verb !== 'export' && existsSync(file) ? await take(engine, file, reason) : 0;
      const written = verb === 'import' ? 0 : await writeAll(engine, file);
      return { read, written };
    },
  );
  await connection.close();
  if (options.json) printJson({ event: `suppressions.${verb}`, file, ...result });
  else {
    if (verb !== 'export')
      print(`  ${say(plural('{0} entry read from {1}', '{0} entries read from {1}', result.read, file))}`);
    if (verb !== 'import')
      print(`  ${say(plural('{0} entry written to {1}', '{0} entries written to {1}', result.written, file))}`);
  }
  return EXIT.sent;
}

/** `envoi suppress --left-out DOCUMENT`: everyone gone for good according to the columns of the letter's lists. */
export async function suppressLeftOut(path: string, options: CommandOptions): Promise<number> {
  const { list } = await gatherSound(path, options, 'test');
  const now = Date.now();
  let count = 0;
  const { connection } = await withEngine(
    () => connectEngineFor(options, 'look'),
    async ({ engine }) => {
      count = 0;
      if (!list) return;
      const files = list.lists.map(({ file }) => basename(file));
      for await (const { refused } of openList(list)) {
        const entries = leftForGood(refused, (row) => files[row.list ?? 0] ?? '', now);
        if (entries.length > 0) await engine.suppress({ entries });
        count += entries.length;
      }
    },
  );
  await connection.close();
  if (options.json) printJson({ event: 'suppressions.leftOut', document: path, count });
  else
    print(
      `  ${say(plural('{0} row marks its reader as gone. The address was suppressed.', '{0} rows mark their readers as gone. The addresses were suppressed.', count))}`,
    );
  return EXIT.sent;
}

async function take(engine: EngineApi, file: string, reason: Suppression['reason']): Promise<number> {
  let count = 0;
  const source = createReadStream(file) as AsyncIterable<Uint8Array>;
  for await (const entries of readSuppressions(source, { file, reason, now: Date.now() })) {
    for (let at = 0; at < entries.length; at += PAGE) await engine.suppress({ entries: entries.slice(at, at + PAGE) });
    count += entries.length;
  }
  return count;
}

/** All or nothing: another machine may be reading it. */
async function writeAll(engine: EngineApi, file: string): Promise<number> {
  const lines: string[] = [];
  for (let after = ''; ; ) {
    const page = await engine.suppressions({ after, limit: PAGE });
    for (const item of page) lines.push(suppressionLine(item));
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = last.entry;
  }
  await replaceFile(file, suppressionHeader + lines.join(''), 0o600);
  return lines.length;
}

/** `envoi forget ADDRESS` */
export async function forget(written: string | undefined, options: CommandOptions): Promise<number> {
  if (written === undefined)
    throw new UserError('usage', msg('No address was given.'), msg('Usage: envoi {0} ADDRESS.', 'forget'));
  // Rows that were left out are erased where they contain it: a part of an address would erase those of others.
  const parsed = parseAddress(written);
  if (!parsed.ok)
    throw new UserError(
      'badAddress',
      msg('“{0}” is not an address: {1}.', written, parsed.reason),
      msg('Give the whole address of one person, such as ada@example.org. Nothing was erased.'),
    );
  const { address } = parsed;
  const { connection, result } = await withEngine(
    () => connectEngineFor(options, 'look'),
    ({ engine }) => engine.forget({ address }),
  );
  await connection.close();
  if (options.json) printJson({ event: 'forgotten', ...result });
  else {
    print(
      `  ${say(plural('Erased from {0} message.', 'Erased from {0} messages.', result.deliveries))} ${say(
        result.left
          ? msg(
              'They had unsubscribed or complained: a hash of the address is kept, so that they are never mailed again.',
            )
          : msg('Nothing is kept about this address. Remove it from your lists, too.'),
      )}`,
    );
  }
  return EXIT.sent;
}
