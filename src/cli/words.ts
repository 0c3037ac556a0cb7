import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../shared/errors.ts';
import { type Words, wordsIn } from '../shared/words.ts';

/** The language of the terminal, as POSIX names it; `C` is English with a clock of 24 hours. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): string {
  const named = env.LC_ALL || env.LC_MESSAGES || env.LANG;
  if (!named) return process.platform === 'win32' ? Intl.DateTimeFormat().resolvedOptions().locale : 'en-GB';
  const tag = named.split(/[.@]/)[0]?.replace('_', '-') ?? '';
  try {
    return Intl.getCanonicalLocales(tag === 'C' || tag === 'POSIX' ? 'en-GB' : tag)[0] ?? 'en-GB';
  } catch {
    return 'en-GB';
  }
}

function bundleOf(language: string): Record<string, string> {
  const [short] = language.split('-');
  if (short === 'en' || typeof __dirname !== 'string') return {};
  try {
    return JSON.parse(readFileSync(join(__dirname, '..', 'l10n', `bundle.l10n.${short}.json`), 'utf8'));
  } catch {
    // No translation into this language.
    return {};
  }
}

function terminalWords(): Words {
  const language = languageOf(process.env);
  const bundle = bundleOf(language);
  return wordsIn(language, (template) => bundle[template]);
}

/** The command line's output, in the language of the terminal. */
export const words: Words = terminalWords();

export const say = words.say;

/** An error as one line, place first: `letter.md:3: …`. */
export function errorWords(error: unknown): string {
  if (!(error instanceof UserError)) return error instanceof Error ? error.message : String(error);
  const { place, what, remedy } = error;
  const where = place ? `${place.file}${place.line ? `:${place.line}` : ''}: ` : '';
  return `${where}${say(what)} ${say(remedy)}`.trim();
}
