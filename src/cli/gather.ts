import type { Hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  type Compiled,
  compileNewsletter,
  type Document,
  hashing,
  parseDocument,
  type RecipientBatch,
  readRecipients,
  sealedRecipients,
} from '../compose/index.ts';
import { type Finding, msg, UserError } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';
import { readSettings, readSettingsFile } from '../shared/settingsReader.ts';
import { diskFiles } from './diskFiles.ts';

export interface Gathered {
  path: string;
  document: Document;
  compiled: Compiled;
  settings: Settings;
  /** Everything found, settings first. */
  findings: readonly Finding[];
  recipientsPath: string;
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

/** Document, settings and list's header, compiled and checked. Throws UserErrors for what cannot be read at all. */
export async function gather(
  path: string,
  options: { config: string | undefined; recipients: string | undefined },
): Promise<Gathered> {
  const text = await readText(path, msg('Name an existing Markdown or HTML file.'));
  const { settings, findings } = await loadSettings(options.config, path);
  const document = parseDocument(text, path);
  const named = document.frontMatter.recipients;
  const recipientsPath = options.recipients ?? (named ? join(dirname(path), named) : '');
  const fields = recipientsPath === '' ? undefined : await listFields(recipientsPath);
  const compiled = await compileNewsletter({
    document,
    settings,
    files: diskFiles(path),
    ...(fields ? { fields } : {}),
  });
  return { path, document, compiled, settings, findings: [...findings, ...compiled.findings], recipientsPath };
}

/**
 * The list of a document, row by row; a UserError when none is named. With a Hash it is hashed on the way; with its hash
 * from before (hex) it must still be the same.
 */
export function openList(path: string, document: string, seal?: Hash | string): AsyncGenerator<RecipientBatch> {
  if (path === '') {
    throw new UserError(
      'recipientsMissing',
      msg('No list of recipients is named.'),
      msg('Write “recipients: list.csv” at the top of the document, or give --recipients.'),
      { file: document, line: 1, key: 'recipients' },
    );
  }
  if (typeof seal === 'string') return sealedRecipients(source(path), { file: path }, seal);
  return readRecipients(seal ? hashing(source(path), seal) : source(path), { file: path });
}

async function listFields(path: string): Promise<string[]> {
  for await (const batch of readRecipients(source(path), { file: path })) {
    return batch.header.fields.flatMap((field) => [field.name, field.title]);
  }
  return [];
}

async function* source(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw unreadable(path, error, msg('Correct “recipients”, or give --recipients.'));
  }
}

async function readText(path: string, remedy: ReturnType<typeof msg>): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error, remedy);
  }
}

function unreadable(path: string, error: unknown, remedy: ReturnType<typeof msg>): UserError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  if (code === 'ENOENT') return new UserError('missing', msg('There is no file {0}.', path), remedy);
  return new UserError('unreadable', msg('{0} cannot be read ({1}).', path, code), remedy);
}
