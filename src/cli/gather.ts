import type { Hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  type Document,
  hashing,
  type Newsletter,
  type RecipientBatch,
  readRecipients,
  sealedRecipients,
} from '../compose/index.ts';
import type { Letter, Purpose } from '../letter/letter.ts';
import { listMissing, listUnreadable } from '../letter/listErrors.ts';
import { findingsOf, readLetter } from '../letter/readLetter.ts';
import { type ListSummary, readList } from '../letter/readList.ts';
import { type Finding, msg, UserError } from '../shared/errors.ts';
import type { Recipient } from '../shared/recipient.ts';
import type { Settings } from '../shared/settings.ts';
import { readSettings, readSettingsFile } from '../shared/settingsReader.ts';
import { diskFiles } from './diskFiles.ts';
import { refuseOnErrors } from './findings.ts';

/** A letter of this disk. The list's name is its path. */
export interface Gathered extends Letter<ListSummary> {
  path: string;
}

export type Sendable = Gathered & { newsletter: Newsletter };

interface Named {
  config: string | undefined;
  recipients: string | undefined;
}

/** Reads settings: `--config`, else ENVOI_CONFIG, else envoi.json beside the document, else none. */
export async function loadSettings(
  config: string | undefined,
  documentPath: string | undefined,
): Promise<{ settings: Settings; findings: readonly Finding[] }> {
  const named = config ?? process.env.ENVOI_CONFIG;
  const beside = documentPath ? join(dirname(documentPath), 'envoi.json') : 'envoi.json';
  const file = named ?? (existsSync(beside) ? beside : undefined);
  if (file === undefined) return readSettings({}, { file: 'envoi.json', baseDir: process.cwd() });
  const text = await readText(file, msg('Name an existing settings file with --config.'));
  return readSettingsFile(text, file, dirname(resolve(file)));
}

/** The letter and all that was found. Throws UserErrors only where there is no document or no settings to read. */
export async function gather(path: string, named: Named, purpose: Purpose): Promise<Gathered> {
  const text = await readText(path, msg('Name an existing Markdown or HTML file.'));
  const letter = await readLetter<ListSummary>({
    text,
    path,
    settings: await loadSettings(named.config, path),
    files: diskFiles(path),
    nameOf: (file) => (file === path ? path : join(dirname(path), file)),
    purpose,
    async list(document) {
      const name = listPath(path, document, named);
      return name === '' ? null : readList(source(name, named.recipients !== undefined), { name });
    },
  });
  return { ...letter, path };
}

/** Like `gather`, for a letter that is to be made: errors are printed and end the command. */
export async function gatherSound(
  path: string,
  options: Named & { json: boolean },
  purpose: Purpose,
): Promise<Sendable> {
  const letter = await gather(path, options, purpose);
  refuseOnErrors(findingsOf(letter), options.json);
  const { newsletter } = letter;
  if (!newsletter) throw new Error('a document without errors has a newsletter');
  return { ...letter, newsletter };
}

function listPath(path: string, document: Document, { recipients }: Named): string {
  const written = document.frontMatter.recipients;
  return recipients ?? (written ? join(dirname(path), written) : '');
}

/** A list once more, row by row. With its hash from before (hex) it must still be the same. */
export function openList(path: string, seal?: Hash | string): AsyncGenerator<RecipientBatch> {
  if (typeof seal === 'string') return sealedRecipients(source(path), { file: path }, seal);
  return readRecipients(seal ? hashing(source(path), seal) : source(path), { file: path });
}

/** The row whose values a test or a rendering takes: by address or number, else the first. */
export async function findRow({ list }: Gathered, wanted: string | undefined): Promise<Recipient | null> {
  if (!list) return null;
  if (wanted === undefined) return list.first[0] ?? null;
  let seen = 0;
  for await (const { rows } of openList(list.name)) {
    const found = rows.find((row, at) => row.address === wanted || String(seen + at + 1) === wanted);
    if (found) return found;
    seen += rows.length;
  }
  throw new UserError(
    'noRecipient',
    msg('The list has no recipient {0}.', wanted),
    msg('Give an address of the list, or a number from 1 to {0}.', seen),
  );
}

/** Errors of a list that the command line itself names belong to that list, not to the document. */
async function* source(path: string, own = false): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const code = errorCode(error);
    const { code: kind, what, remedy } = code === 'ENOENT' ? listMissing(path) : listUnreadable(path, code);
    throw new UserError(kind, what, own ? msg('Correct --recipients.') : remedy, own ? { file: path } : undefined);
  }
}

async function readText(path: string, remedy: ReturnType<typeof msg>): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') throw new UserError('missing', msg('There is no file {0}.', path), remedy);
    throw new UserError('unreadable', msg('{0} cannot be read ({1}).', path, code), remedy);
  }
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
