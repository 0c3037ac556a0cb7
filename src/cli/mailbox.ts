import type { MailboxReading } from '../protocol/engineApi.ts';
import { msg, UserError } from '../shared/errors.ts';
import { type CommandOptions, openDoorFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { refuseOnErrors } from './findings.ts';
import { secretOf } from './passwords.ts';
import { loadSettings } from './settingsFile.ts';
import { bold, dim, print, printJson, table } from './terminal.ts';

/** `envoi mailbox read [NAME]`: what came back since the last time, and what follows from it. */
export async function readMailboxes(name: string | undefined, options: CommandOptions): Promise<number> {
  const { settings, findings } = await loadSettings(options, undefined);
  refuseOnErrors(findings, options.json);
  const names = name ? [name] : Object.keys(settings.mailboxes);
  if (names.length === 0 || names.some((each) => !settings.mailboxes[each])) {
    throw new UserError(
      'unknownMailbox',
      name ? msg('The settings have no mailbox "{0}".', name) : msg('The settings have no mailbox.'),
      msg('Add it to envoi.mailboxes, or name the settings with --config.'),
    );
  }
  for (const each of names) {
    const mailbox = settings.mailboxes[each];
    if (!mailbox) continue;
    const secret = await secretOf(each, mailbox, options);
    const door = await openDoorFor(options, 'look');
    try {
      tell(each, await door.engine.readMailbox({ mailbox, secret }), options.json);
    } finally {
      await door.close();
    }
  }
  return EXIT.sent;
}

function tell(name: string, reading: MailboxReading, json: boolean): void {
  const { suppressed, ...counts } = reading;
  if (json) {
    printJson({ event: 'mailbox', mailbox: name, ...counts });
    for (const each of suppressed) printJson({ event: 'suppressed', ...each });
    return;
  }
  print(`\n  ${bold(name)}`);
  const lines: [string, number][] = [
    ['bounced', reading.bounced],
    ['left', reading.left],
    ['complained', reading.complained],
    ['replied', reading.replied],
    ['robots and receipts', reading.robots],
    ['without proof of whom it is about', reading.unproven],
  ];
  print(table([['read', String(reading.read)], ...lines.map(([what, count]) => [what, String(count)])], '    '));
  if (suppressed.length === 0) return;
  print(`\n  ${dim('No longer mailed (undo with “envoi unsuppress ADDRESS”):')}`);
  print(
    table(
      suppressed.map(({ entry, reason, note }) => [entry, reason, dim(note)]),
      '    ',
    ),
  );
}
