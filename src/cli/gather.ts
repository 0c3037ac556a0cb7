import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Document, type Newsletter, type RecipientBatch, readSealedLists } from '../compose/index.ts';
import type { Letter, Purpose } from '../letter/letter.ts';
import { letterKey } from '../letter/letterKey.ts';
import { listMissing, listOutside, listUnreadable } from '../letter/listErrors.ts';
import { exceptList } from '../letter/listRules.ts';
import type { ReadersBefore } from '../letter/readersBefore.ts';
import { findingsOf, readLetter } from '../letter/readLetter.ts';
import { type ListSummary, readList } from '../letter/readList.ts';
import { msg, UserError } from '../shared/errors.ts';
import { streamPlainFile } from '../shared/plainFile.ts';
import { readKeyFile } from '../shared/readKeyFile.ts';
import type { Recipient } from '../shared/recipient.ts';
import type { Settings } from '../shared/settings.ts';
import { diskFiles, documentRoot, isInside } from './diskFiles.ts';
import { refuseOnErrors } from './findings.ts';
import type { PromptOptions } from './passwords.ts';
import { readText } from './readText.ts';
import { loadSettings } from './settingsFile.ts';

/** A letter on this disk. The list's name is its path. */
export interface Gathered extends Letter<ListSummary> {
  path: string;
  /** The key that identifies the letter. */
  key: string;
  before: ReadersBefore | null;
}

export type Sendable = Gathered & { newsletter: Newsletter };

interface Named extends PromptOptions {
  config: string | undefined;
  recipients: readonly string[] | undefined;
  /** Who must not get a letter, or has it; called with its key. */
  before?: (letter: string, settings: Settings) => Promise<ReadersBefore | null>;
  /** Readers who have it get it again. */
  again?: boolean;
  where?: string | undefined;
}

/** The letter with all findings. Throws UserErrors only where there is no document or no settings to read. */
export async function gather(path: string, named: Named, purpose: Purpose): Promise<Gathered> {
  const text = await readText(path, msg('Give an existing Markdown or HTML file.'));
  let before: ReadersBefore | null = null;
  const place = await realpath(path).catch(() => resolve(path));
  const settings = await loadSettings(named, path);
  const letter = await readLetter<ListSummary>({
    text,
    path,
    settings,
    files: diskFiles(path),
    nameOf: (file) => (file === path ? path : join(dirname(path), file)),
    purpose,
    where: named.where,
    rows: openList,
    readKeyFile,
    async list(document, rules) {
      const names = listPaths(path, document, named);
      if (names.length === 0) return null;
      const own = named.recipients !== undefined;
      if (!own) for (const name of names) await refuseOutside(name, path);
      const except = await Promise.all((rules.exceptNames ?? []).map((written) => exceptAt(written, path)));
      before = (await named.before?.(letterKey(document, place), settings.settings)) ?? null;
      const lists = names.map((file) => ({ file, open: () => source(file, own) }));
      return readList(lists, {
        rules: { ...rules, except },
        ...(before ? { isSuppressed: before.isSuppressed } : {}),
        ...(before && !named.again ? { hadBefore: before.campaignOf } : {}),
      });
    },
  });
  return { ...letter, path, key: letterKey(letter.document, place), before };
}

/** Like `gather`, for a letter that is to be made: errors are printed and end the command. */
export async function gatherSound(path: string, options: Named, purpose: Purpose): Promise<Sendable> {
  return requireNoErrors(await gather(path, options, purpose), options);
}

/** Errors are printed and end the command. */
export async function requireNoErrors(letter: Gathered, options: Pick<Named, 'json'>): Promise<Sendable> {
  refuseOnErrors(await findingsOf(letter), options.json);
  const { newsletter } = letter;
  if (!newsletter) throw new Error('a document without errors has a newsletter');
  return { ...letter, newsletter };
}

function listPaths(path: string, document: Document, { recipients }: Named): readonly string[] {
  if (recipients !== undefined) return recipients;
  const written = document.frontMatter.recipients ?? [];
  return [...new Set(written.map((name) => (isAbsolute(name) ? name : join(dirname(path), name))))];
}

async function exceptAt(written: string, document: string) {
  const path = isAbsolute(written) ? written : join(dirname(document), written);
  await refuseOutside(path, document);
  return exceptList(source(path), path);
}

/** A letter from elsewhere must not be able to mail files of this computer: outside its own folder a person names the list. */
async function refuseOutside(list: string, document: string): Promise<void> {
  const real = await realpath(list).catch(() => null);
  const root = documentRoot(document);
  if (real === null || isInside(real, root)) return;
  throw listOutside();
}

/** A letter's lists again, row by row. They must not have changed. */
export function openList({ lists, how }: ListSummary): AsyncGenerator<RecipientBatch> {
  return readSealedLists(lists, how);
}

/** The row whose values a test or a rendering uses: by address or number, else the first. */
export async function findRow({ list }: Gathered, wanted: string | undefined): Promise<Recipient | null> {
  if (!list) return null;
  if (wanted === undefined) return list.first[0] ?? null;
  let seen = 0;
  for await (const { rows } of openList(list)) {
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
    yield* streamPlainFile(path);
  } catch (error) {
    const { code: kind, what, remedy } = listError(path, error);
    throw new UserError(kind, what, own ? msg('Correct --recipients.') : remedy, own ? { file: path } : undefined);
  }
}

function listError(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return code === 'ENOENT' ? listMissing(path) : listUnreadable(path, code);
}
