import { msg, UserError } from '../shared/errors.ts';
import { type CommandOptions, readCommandLine, version } from './commandLine.ts';
import { commands } from './commands.ts';
import { EXIT } from './exit.ts';
import { help } from './help.ts';
import { print, printError } from './terminal.ts';
import { say } from './words.ts';

const OLDEST_NODE = '22.13';

/**
 * What a command line asks to be told about the command itself, with the exit code; null where it asks for something else.
 * Throws a UserError where it asks about a command that there is not.
 */
export function usageOf(
  words: readonly string[],
  options: Pick<CommandOptions, 'help' | 'version'>,
): { text: string; code: number } | null {
  const [command] = words;
  if (options.version) return { text: version, code: EXIT.sent };
  if (!options.help && command !== undefined && command !== 'help') return null;
  const about = words.find((word) => word !== 'help');
  if (about !== undefined && !commands.some(({ name }) => name === about)) throw unknownCommand(about);
  const text = help(about);
  return { text, code: command === undefined && !options.help ? EXIT.refused : EXIT.sent };
}

export function unknownCommand(command: string): UserError {
  const known = commands.map(({ name }) => name).join(', ');
  return new UserError('usage', msg('There is no command {0}.', command), msg('Known names: {0}.', known));
}

/** Prints it, from a file of its own: the command itself takes longer to load than this. False where nothing was asked. */
export function printUsage(args: readonly string[]): boolean {
  let usage: ReturnType<typeof usageOf>;
  try {
    const { words, options } = readCommandLine(args);
    usage = usageOf(words, options);
  } catch {
    // The command says what is wrong.
    return false;
  }
  if (!usage) return false;
  // The reader of our output may close it early, as “head” does.
  process.stdout.on('error', () => {});
  print(usage.text);
  process.exitCode = usage.code;
  return true;
}

/** This Node lacks what the command needs. */
export function refuseOldNode(): void {
  printError(say(msg('envoi needs Node {0} or later; this is {1}.', OLDEST_NODE, process.versions.node)));
  process.exitCode = EXIT.refused;
}
