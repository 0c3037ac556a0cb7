import type { MailboxReading } from '../protocol/engineApi.ts';
import { msg, type Text, UserError } from '../shared/errors.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { refuseOnErrors } from './findings.ts';
import { secretOf } from './passwords.ts';
import { decideReturnedMail, listReturnedMail } from './returnedMail.ts';
import { loadSettings } from './settingsFile.ts';
import { bold, dim, number, print, printJson, table } from './terminal.ts';
import { say } from './words.ts';

/** `envoi mailbox read|list|suppress|dismiss` */
export async function mailboxes([verb, ...words]: readonly string[], options: CommandOptions): Promise<number> {
  switch (verb) {
    case 'read':
      return readMailboxes(words[0], options);
    case 'list':
      return listReturnedMail(options);
    case 'suppress':
    case 'dismiss':
      return decideReturnedMail(verb, words, options);
    default:
      throw new UserError(
        'usage',
        msg('No valid subcommand was given.'),
        msg('Usage: envoi mailbox read [NAME], list, suppress ID or dismiss ID.'),
      );
  }
}

/** `envoi mailbox read [NAME]`: what came back since the last time, and its consequences. */
async function readMailboxes(name: string | undefined, options: CommandOptions): Promise<number> {
  const { settings, findings } = await loadSettings(options, undefined);
  refuseOnErrors(findings, options.json);
  const names = name ? [name] : Object.keys(settings.mailboxes);
  if (names.length === 0 || names.some((each) => !settings.mailboxes[each])) {
    throw new UserError(
      'unknownMailbox',
      name ? msg('The settings have no mailbox “{0}”.', name) : msg('The settings have no mailbox.'),
      msg('Add it to envoi.mailboxes, or pass the settings with --config.'),
    );
  }
  for (const each of names) {
    const mailbox = settings.mailboxes[each];
    if (!mailbox) continue;
    const secret = await secretOf(each, mailbox, options);
    const connection = await connectEngineFor(options, 'look');
    try {
      tell(each, await connection.engine.readMailbox({ mailbox, secret }), options.json);
    } finally {
      await connection.close();
    }
  }
  return EXIT.sent;
}

function tell(name: string, reading: MailboxReading, json: boolean): void {
  const { suppressed, ...counts } = reading;
  if (json) {
    printJson({ event: 'mailbox', mailbox: name, ...counts });
    printSuppressed(suppressed, json);
    return;
  }
  print(`\n  ${bold(name)}`);
  const lines: [Text, number][] = [
    [msg('read'), reading.read],
    [msg('bounced'), reading.bounced],
    [msg('left'), reading.left],
    [msg('complained'), reading.complained],
    [msg('replied'), reading.replied],
    [msg('robots and receipts'), reading.robots],
    [msg('without proof of whom it concerns'), reading.unproven],
    [msg('ignored: too many at one domain'), reading.doubted],
  ];
  print(
    table(
      lines.map(([what, count]) => [say(what), number(count)]),
      '    ',
    ),
  );
  printSuppressed(suppressed, false);
}

/** Who must not be mailed any more because of it. */
export function printSuppressed(suppressed: MailboxReading['suppressed'], json: boolean): void {
  if (json) {
    for (const each of suppressed) printJson({ event: 'suppressed', ...each });
    return;
  }
  if (suppressed.length === 0) return;
  print(`\n  ${dim(say(msg('No longer mailed (undo with {0}):', 'envoi unsuppress ADDRESS')))}`);
  print(
    table(
      suppressed.map(({ entry, reason, note }) => [entry, reason, dim(note)]),
      '    ',
    ),
  );
}
