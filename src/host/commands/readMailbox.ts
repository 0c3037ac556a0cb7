import * as vscode from 'vscode';
import type { MailboxReading, Unsubscribed } from '../../protocol/engineApi.ts';
import { cameBackText } from '../../shared/cameBackText.ts';
import type { CameBack } from '../../shared/campaign.ts';
import { endpointUrl } from '../../shared/endpointUrl.ts';
import { msg, UserError } from '../../shared/errors.ts';
import type { MailboxSettings } from '../../shared/settings.ts';
import { plural } from '../../shared/words.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import type { HostServices } from '../hostServices.ts';
import { mailboxNameOf } from '../mailboxes/pickMailbox.ts';
import { endpointKey } from '../secrets/secrets.ts';
import { requireTrust } from '../sending/target.ts';
import { readConfiguration } from '../settings.ts';
import { say, words } from '../text.ts';

/** Called on a mailbox, on the unsubscribe page, or on nothing: then on all. Reports what was new. */
export async function readMailbox(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const { settings } = readConfiguration(undefined, services.context);
  const url = endpointUrl(settings.unsubscribe);
  const asked = sourceOf(argument);
  const mailboxes = Object.entries(settings.mailboxes).filter(
    ([name]) => asked.name === undefined || name === asked.name,
  );
  const news: CameBack = { bounced: 0, left: 0, complained: 0, replied: 0 };
  let stopped = 0;
  let doubted = 0;
  if (!asked.endpoint) {
    for (const [name, mailbox] of mailboxes) {
      const reading = await readOne(services, name, mailbox);
      for (const key of ['bounced', 'left', 'complained', 'replied'] as const) news[key] += reading[key];
      stopped += reading.suppressed.length;
      doubted += reading.doubted;
    }
  }
  if (url !== '' && (asked.endpoint || (asked.name === undefined && (await services.secrets.endpoint(url))))) {
    const { left } = await askEndpoint(services, url);
    const gone = left.filter(({ before }) => !before).length;
    news.left += gone;
    stopped += gone;
  } else if (mailboxes.length === 0) throw noMailbox();
  await services.returns.handOver();
  tell(news, { stopped, doubted });
}

function tell(news: CameBack, { stopped, doubted }: { stopped: number; doubted: number }): void {
  const came = cameBackText(news);
  if (!came)
    return void vscode.window.showInformationMessage(vscode.l10n.t('Nothing has come back since the last time.'));
  const gone = stopped > 0 ? ` ${vscode.l10n.t('No longer mailed: {0}.', words.number(stopped))}` : '';
  const unsure =
    doubted > 0
      ? ` ${say(plural('1 bounce was not believed: too many came from one domain.', '{0} bounces were not believed: too many came from one domain.', doubted))}`
      : '';
  const show = vscode.l10n.t('Show Suppressions');
  void vscode.window
    .showInformationMessage(
      `${vscode.l10n.t('Came back: {0}.', say(came))}${gone}${unsure}`,
      ...(stopped > 0 ? [show] : []),
    )
    .then((chosen) => chosen === show && vscode.commands.executeCommand('envoi.suppressions.focus'));
}

async function readOne(services: HostServices, name: string, mailbox: MailboxSettings): Promise<MailboxReading> {
  const read = (secret: string) =>
    lateProgress(vscode.l10n.t('Reading {0}', name), () =>
      services.engine.through((engine) => engine.readMailbox({ mailbox, secret })),
    );
  try {
    return await read((await services.credentials.forMailbox(name, mailbox, false)) ?? '');
  } catch (error) {
    // A password that was changed at the provider is asked for again.
    if (!(error instanceof UserError) || error.code !== 'mailboxSignIn' || mailbox.auth !== 'password') throw error;
    return read(await services.secrets.ask(name, mailbox));
  }
}

async function askEndpoint(services: HostServices, url: string): Promise<Unsubscribed> {
  const secret = (await services.secrets.endpoint(url)) ?? (await services.secrets.askEndpoint(url));
  try {
    return await lateProgress(vscode.l10n.t('Contacting {0}', url), () =>
      services.engine.through((engine) => engine.pullUnsubscribes({ url, secret })),
    );
  } catch (error) {
    if (error instanceof UserError && error.code === 'endpointRefused') await services.secrets.forget(endpointKey(url));
    throw error;
  }
}

function sourceOf(argument: unknown): { name: string | undefined; endpoint: boolean } {
  const kind = typeof argument === 'object' && argument !== null && 'kind' in argument ? argument.kind : undefined;
  return { name: mailboxNameOf(argument), endpoint: kind === 'endpoint' };
}

function noMailbox(): UserError {
  return new UserError('unknownMailbox', msg('The settings have no mailbox.'), msg('Use “Envoi: Add Mailbox…”.'));
}
