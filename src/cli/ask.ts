import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { msg } from '../shared/errors.ts';
import type { CommandOptions } from './commandLine.ts';
import { bold, safe } from './terminal.ts';
import { say } from './words.ts';

/** Whether there is a person to ask who wants to be asked. */
export function mayAsk({ yes, json }: Pick<CommandOptions, 'yes' | 'json'>): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true && !yes && !json;
}

/** Only a full “yes” counts; anything else, and the end of the input, is a no. Asked on standard error. */
export async function askYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    const answer = await Promise.race([
      terminal.question(safe(`  ${question} ${say(msg('Type {0}:', bold('yes')))} `)),
      ended,
    ]);
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
}

/** Asks without showing what is typed; undefined without a terminal. */
export async function askHidden(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: mute, terminal: true });
  // Only now, because the terminal no longer echoes.
  process.stderr.write(safe(question));
  try {
    const ended = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)));
    return await Promise.race([terminal.question(''), ended]);
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
