import type { EngineApi } from '../protocol/engineApi.ts';
import { endpointUrl } from '../shared/endpointUrl.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { endpointSecretIfGiven } from './endpointSecret.ts';
import { givenSecrets } from './givenSecrets.ts';
import { printSuppressed } from './mailbox.ts';
import { passwordVariable, secretOf } from './passwords.ts';
import { printError, printJson, yellow } from './terminal.ts';
import { printUnsubscribed } from './unsubscribe.ts';
import { withEngine } from './withEngine.ts';
import { errorWords, say } from './words.ts';

/** A letter does not wait longer for one mailbox; what has been read so far counts. */
const PATIENCE_MS = 60_000;

/**
 * Before a letter is sent: who has unsubscribed or bounced since the last one, from the unsubscribe endpoint and the mailboxes
 * whose secrets the environment has. What cannot be read is reported, and stops nothing.
 */
export async function readFirst(settings: Settings, options: CommandOptions): Promise<void> {
  const url = endpointUrl(settings.unsubscribe);
  const secret = endpointSecretIfGiven();
  if (url !== '' && secret !== '') {
    await warned('pullFailed', options, async (engine) => {
      const { left } = await engine.pullUnsubscribes({ url, secret });
      const gone = left.filter(({ before }) => !before);
      if (gone.length > 0) printUnsubscribed({ left: gone, unknown: [] }, options.json);
    });
  }
  for (const [name, mailbox] of Object.entries(settings.mailboxes)) {
    if (!givenSecrets.has(passwordVariable(name, mailbox.auth))) continue;
    await warned('mailboxFailed', options, async (engine) => {
      const reading = await engine.readMailbox({
        mailbox,
        secret: await secretOf(name, mailbox, options),
        withinMs: PATIENCE_MS,
      });
      printSuppressed(reading.suppressed, options.json);
    });
  }
}

async function warned(
  event: 'pullFailed' | 'mailboxFailed',
  options: CommandOptions,
  work: (engine: EngineApi) => Promise<void>,
): Promise<void> {
  try {
    const { connection } = await withEngine(
      () => connectEngineFor(options, 'look'),
      ({ engine }) => work(engine),
    );
    await connection.close();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (options.json) printJson({ event, text: errorWords(error) });
    else printError(`${yellow(say(msg('warning')))}: ${errorWords(error)}`);
  }
}
