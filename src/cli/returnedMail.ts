import { msg, type Text, UserError } from '../shared/errors.ts';
import { type ReturnedMail, suppressionFor } from '../shared/returnedMail.ts';
import { plural } from '../shared/words.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { bold, clockTime, dim, oneLine, print, printJson, table } from './terminal.ts';
import { withEngine } from './withEngine.ts';
import { say } from './words.ts';

/** `envoi mailbox list`: replies, and mail that carries no mark of ours, for a person to decide on. */
export async function listReturnedMail(options: CommandOptions): Promise<number> {
  const mails = await known(options);
  if (options.json) {
    for (const { id, ...mail } of mails) printJson({ event: 'returnedMail', id, ...mail });
    return EXIT.sent;
  }
  const replies = mails.filter(({ kind }) => kind === 'replied');
  const undecided = mails.filter(({ kind }) => kind !== 'replied');
  if (mails.length === 0) print(`  ${say(msg('No messages need your attention.'))}`);
  if (replies.length > 0) {
    print(`\n  ${bold(say(plural('{0} reply', '{0} replies', replies.length)))}`);
    print(table(replies.map(rowOf), '    '));
  }
  if (undecided.length > 0) {
    print(`\n  ${bold(say(msg('No proof of whom it concerns: nothing was done')))}`);
    print(table(undecided.map(rowOf), '    '));
    print(`\n  ${dim(say(msg('To act on one: envoi mailbox suppress ID, or envoi mailbox dismiss ID.')))}`);
  }
  return EXIT.sent;
}

/** `envoi mailbox suppress ID…`, `envoi mailbox dismiss ID…` */
export async function decideReturnedMail(
  verb: 'suppress' | 'dismiss',
  written: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const ids = written.map(Number);
  if (ids.length === 0 || !ids.every(Number.isSafeInteger))
    throw new UserError(
      'usage',
      msg('No message was given.'),
      msg('Usage: envoi mailbox {0} ID. See the numbers with envoi mailbox list.', verb),
    );
  const mails = await known(options);
  const chosen = ids.map((id) => mails.find((mail) => mail.id === id) ?? unknownMessage(id));
  const entries = verb === 'dismiss' ? [] : chosen.map((mail) => suppressionFor(mail) ?? nobodyNamed(mail));
  const { connection } = await withEngine(
    () => connectEngineFor(options, 'look'),
    async ({ engine }) => {
      const at = Date.now();
      if (entries.length > 0) await engine.suppress({ entries: entries.map((entry) => ({ ...entry, at })) });
      await engine.dismissReturned({ ids });
    },
  );
  await connection.close();
  if (options.json) printJson({ event: `mailbox.${verb}`, ids, entries: entries.map(({ entry }) => entry) });
  for (const { entry, reason } of options.json ? [] : entries)
    print(`  ${entry}: ${say(msg('suppressed ({0})', reason))}`);
  if (!options.json && entries.length > 0)
    print(`  ${dim(say(msg('Undo with {0}.', `envoi unsuppress ${entries.map(({ entry }) => entry).join(' ')}`)))}`);
  return EXIT.sent;
}

async function known(options: CommandOptions): Promise<readonly ReturnedMail[]> {
  const { connection, result } = await withEngine(
    () => connectEngineFor(options, 'look'),
    ({ engine }) => engine.returnedMail(),
  );
  await connection.close();
  return result;
}

const kinds: Record<ReturnedMail['kind'], Text> = {
  replied: msg('replied'),
  bounced: msg('bounced'),
  complained: msg('complained'),
  left: msg('left'),
};

function rowOf({ id, kind, about, from, subject, at, account }: ReturnedMail): string[] {
  const whom = kind === 'replied' || about === '' ? from : about;
  const what = kind === 'replied' ? [] : [say(kinds[kind])];
  return [String(id), clockTime(at), ...what, oneLine(whom), oneLine(subject), dim(oneLine(account))];
}

function unknownMessage(id: number): never {
  throw new UserError(
    'usage',
    msg('There is no message {0}.', String(id)),
    msg('See the list with “envoi mailbox list”.'),
  );
}

function nobodyNamed({ id, kind }: ReturnedMail): never {
  throw new UserError(
    'usage',
    kind === 'replied'
      ? msg('Message {0} is a reply.', String(id))
      : msg('Message {0} does not mention an address.', String(id)),
    msg('Look at it in your mail program. “envoi suppress ADDRESS” stops mail to an address.'),
  );
}
