import type { Confirmation } from '../letter/plan/confirmation.ts';
import { msg, UserError } from '../shared/errors.ts';
import { plural } from '../shared/words.ts';
import { askYes, mayAsk } from './ask.ts';
import type { CommandOptions } from './commandLine.ts';
import { RefusalPrinted } from './findings.ts';
import { dim, printError, table, yellow } from './terminal.ts';
import { say } from './words.ts';

/** The confirmation as a terminal lays it out. */
export function overview({ lines, notes }: Confirmation): string {
  const rows = lines.map(({ label, text }) => [dim(label), text]);
  return `\n${table(rows)}\n${notes.map((note) => `  ${yellow('!')} ${note}\n`).join('')}`;
}

export async function confirm(rows: number, { question }: Confirmation, options: CommandOptions): Promise<void> {
  await ask(
    question,
    options,
    plural('Add --yes to send to {0} recipient.', 'Add --yes to send to {0} recipients.', rows),
  );
}

/** Returns when a person has said yes. Throws when nobody can be asked, or the answer is no. */
export async function ask(question: string, options: CommandOptions, remedy = msg('Add --yes.')): Promise<void> {
  if (options.yes) return;
  if (!mayAsk(options))
    throw new UserError('notConfirmed', msg('Cannot ask for confirmation without a terminal.'), remedy);
  if (await askYes(question)) return;
  printError(`  ${say(msg('Nothing was sent.'))}`);
  throw new RefusalPrinted();
}
