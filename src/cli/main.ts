import { flushCompileCache } from 'node:module';
import { msg, UserError } from '../shared/errors.ts';
import { keepYoungSpaceSmall } from '../shared/youngSpace.ts';
import { type CommandOptions, readCommandLine } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { RefusalPrinted } from './findings.ts';
import { takeSecrets } from './givenSecrets.ts';
import { print, printError, printJson } from './terminal.ts';
import { unknownCommand, usageOf } from './usage.ts';
import { errorWords } from './words.ts';

/** How many words a command takes at most; the others look at each themselves. */
const most: Readonly<Record<string, number>> = {
  send: 1,
  test: 1,
  plan: 1,
  check: 1,
  render: 1,
  status: 1,
  pause: 1,
  cancel: 1,
  resume: 1,
  resend: 1,
  decide: 2,
  report: 1,
  store: 1,
  correct: 1,
  trust: 1,
  servers: 2,
  dkim: 2,
  'unsubscribe-server': 0,
  suppressions: 2,
  state: 2,
  'write-back': 1,
  delete: 1,
  forget: 1,
};

/** Who names two documents or two people must not believe that both were meant. */
function refuseMore(command: string, given: readonly string[]): void {
  const more = given[most[command] ?? given.length];
  if (more !== undefined)
    throw new UserError('usage', msg('“{0}” is one word too many.', more), msg('See “envoi {0} --help”.', command));
}

/** Each command loads what it needs, and nothing of the others. */
async function run(words: readonly string[], options: CommandOptions): Promise<number> {
  const usage = usageOf(words, options);
  if (usage) {
    print(usage.text);
    return usage.code;
  }
  const [command = '', first, second] = words;
  refuseMore(command, words.slice(1));
  keepYoungSpaceSmall();
  const document = (): string => {
    if (first !== undefined) return first;
    throw new UserError('usage', msg('No document was given.'), msg('Usage: envoi {0} letter.md.', command));
  };
  switch (command) {
    case 'send':
      return (await import('./send.ts')).send(document(), options);
    case 'test':
      return (await import('./send.ts')).sendTest(document(), options);
    case 'plan':
      return (await import('./plan.ts')).plan(document(), options);
    case 'check':
      return (await import('./render.ts')).check(document(), options);
    case 'render':
      return (await import('./render.ts')).render(document(), options);
    case 'status':
      return (await import('./campaigns.ts')).status(first, options);
    case 'pause':
    case 'cancel':
      return (await import('./campaigns.ts')).control(command, first, options);
    case 'resume':
    case 'resend':
      return (await import('./campaigns.ts')).continueCampaign(command, first, options);
    case 'decide':
      if (second === 'resend') return (await import('./campaigns.ts')).continueCampaign('decideResend', first, options);
      if (second === 'leave') return (await import('./campaigns.ts')).continueCampaign('decideLeave', first, options);
      throw new UserError(
        'usage',
        msg('Say what to do with the messages in doubt: resend or leave.'),
        msg('Usage: envoi decide CAMPAIGN resend|leave.'),
      );
    case 'report':
      return (await import('./report.ts')).report(first, options);
    case 'store':
      return (await import('./store.ts')).store(first, options);
    case 'correct':
      return (await import('./correct.ts')).correct(document(), options);
    case 'trust':
      return (await import('./trustCommand.ts')).trust(first, options);
    case 'servers':
      return servers(first, second, options);
    case 'dkim':
      return (await import('./dkim.ts')).dkim(first, second, options);
    case 'suppress':
    case 'unsuppress':
      return (await import('./suppressions.ts')).changeSuppressions(command, words.slice(1), options);
    case 'mailbox':
      return (await import('./mailbox.ts')).mailboxes(words.slice(1), options);
    case 'unsubscribe':
      return (await import('./unsubscribe.ts')).unsubscribe(words.slice(1), options);
    case 'unsubscribe-server':
      return (await import('./unsubscribeServer.ts')).unsubscribeServer(options);
    case 'suppressions':
      return (await import('./suppressions.ts')).listSuppressions(words.slice(1), options);
    case 'state':
      return (await import('./moveState.ts')).moveState(first, second, options);
    case 'write-back':
      return (await import('./writeBack.ts')).writeBack(first, options);
    case 'delete':
      return (await import('./deleteCampaign.ts')).deleteCampaign(first, options);
    case 'forget':
      return (await import('./suppressionFiles.ts')).forget(first, options);
    default:
      throw unknownCommand(command);
  }
}

async function servers(what: string | undefined, name: string | undefined, options: CommandOptions): Promise<number> {
  if (what === undefined) return (await import('./listServers.ts')).listServers(options);
  if (what === 'test') return (await import('./servers.ts')).testServers(name, options);
  if (what === 'probe') return (await import('./probeServer.ts')).probeServer(name, options);
  throw new UserError(
    'usage',
    msg('No valid subcommand was given.'),
    msg('Usage: envoi servers [test [NAME] | probe NAME].'),
  );
}

async function main(): Promise<number> {
  let json = false;
  takeSecrets(process.env);
  try {
    const { words, options } = readCommandLine(process.argv.slice(2));
    json = options.json;
    return await run(words, options);
  } catch (error) {
    if (error instanceof UserError) {
      if (json) printJson({ event: 'error', code: error.code, text: errorWords(error), ...error.place });
      printError(`envoi: ${errorWords(error)}`);
    } else if (!(error instanceof RefusalPrinted)) {
      process.stderr.write(`envoi: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.stderr.write('This is a bug of Envoi; please report it.\n');
    }
    return exitCodeOf(error);
  }
}

/** The engine went away half-way: what it has is on disk. */
function exitCodeOf(error: unknown): number {
  const gone = error instanceof UserError && ['engineEnded', 'engineGone', 'startUnknown'].includes(error.code);
  return gone ? EXIT.interrupted : EXIT.refused;
}

// The reader of our output has closed it, as “head” does, or the terminal has: no reason to stop sending.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

void main().then((code) => {
  process.exitCode = code;
  // Everything is printed and closed. Left alone, Node removes its signal handlers before it exits, and a Ctrl+C in that
  // moment would replace the exit code.
  process.once('beforeExit', () => {
    flushCompileCache();
    process.exit();
  });
});
