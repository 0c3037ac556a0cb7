import { control, goOn, status } from './cli/campaigns.ts';
import { type CommandOptions, readCommandLine, version } from './cli/commandLine.ts';
import { correct } from './cli/correct.ts';
import { Refused } from './cli/findings.ts';
import { commands, help } from './cli/help.ts';
import { listServers } from './cli/listServers.ts';
import { readMailboxes } from './cli/mailbox.ts';
import { takeSecrets } from './cli/passwords.ts';
import { check, render } from './cli/render.ts';
import { report } from './cli/report.ts';
import { send, sendTest } from './cli/send.ts';
import { testServers } from './cli/servers.ts';
import { store } from './cli/store.ts';
import { changeSuppressions, listSuppressions, undoSuppressions } from './cli/suppressions.ts';
import { complain, print, printJson } from './cli/terminal.ts';
import { trust } from './cli/trustCommand.ts';
import { unsubscribe } from './cli/unsubscribe.ts';
import { unsubscribeServer } from './cli/unsubscribeServer.ts';
import { EXIT } from './cli/watch.ts';
import { describeError, msg, UserError } from './shared/errors.ts';

async function run(words: readonly string[], options: CommandOptions): Promise<number> {
  const [command, first, second] = words;
  if (options.version) {
    print(version);
    return EXIT.sent;
  }
  if (options.help || command === undefined || command === 'help') {
    print(help(command === 'help' ? first : command));
    return command === undefined && !options.help ? EXIT.refused : EXIT.sent;
  }
  const document = (): string => {
    if (first !== undefined) return first;
    throw new UserError('usage', msg('No document is named.'), msg('Write envoi {0} letter.md.', command));
  };
  switch (command) {
    case 'send':
      return send(document(), options);
    case 'test':
      return sendTest(document(), options);
    case 'check':
      return check(document(), options);
    case 'render':
      return render(document(), options);
    case 'status':
      return status(first, options);
    case 'pause':
    case 'cancel':
      return control(command, first, options);
    case 'resume':
    case 'resend':
      return goOn(command, first, options);
    case 'decide':
      if (second === 'resend') return goOn('decideResend', first, options);
      if (second === 'leave') return goOn('decideLeave', first, options);
      throw new UserError(
        'usage',
        msg('Say what to do with them.'),
        msg('Write envoi decide CAMPAIGN resend, or leave.'),
      );
    case 'report':
      return report(first, options);
    case 'store':
      return store(first, options);
    case 'correct':
      return correct(document(), options);
    case 'trust':
      return trust(first, options);
    case 'servers':
      if (first === 'test') return testServers(second, options);
      if (first === undefined) return listServers(options);
      throw new UserError('usage', msg('Servers can be listed or tested.'), msg('Write envoi servers [test [NAME]].'));
    case 'suppress':
    case 'unsuppress':
      return changeSuppressions(command, words.slice(1), options);
    case 'mailbox':
      if (first === 'read') return readMailboxes(second, options);
      throw new UserError('usage', msg('Mailboxes can be read.'), msg('Write envoi mailbox read [NAME].'));
    case 'unsubscribe':
      return unsubscribe(words.slice(1), options);
    case 'unsubscribe-server':
      return unsubscribeServer(options);
    case 'suppressions':
      if (first === 'undo') return undoSuppressions(second, options);
      return listSuppressions(options);
    default: {
      const known = commands.map(({ name }) => name).join(', ');
      throw new UserError('usage', msg('There is no command {0}.', command), msg('Known are {0}.', known));
    }
  }
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
      if (json) printJson({ event: 'error', code: error.code, text: describeError(error), ...error.place });
      complain(`envoi: ${describeError(error)}`);
    } else if (!(error instanceof Refused)) {
      process.stderr.write(`envoi: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.stderr.write('This is a bug of Envoi; please report it.\n');
    }
    return exitCodeOf(error);
  }
}

/** The engine went away in the middle: what it has is on disk. */
function exitCodeOf(error: unknown): number {
  const gone = error instanceof UserError && ['engineEnded', 'engineGone', 'startUnknown'].includes(error.code);
  return gone ? EXIT.interrupted : EXIT.refused;
}

// Who reads no further, as “head”, or a terminal that is closed: no reason to stop sending.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

void main().then((code) => {
  process.exitCode = code;
});
