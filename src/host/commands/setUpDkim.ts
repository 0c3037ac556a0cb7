import * as vscode from 'vscode';
import { domainOf, parseDomain, parseMailbox } from '../../shared/address.ts';
import { dkimFolder, makeDkimKey } from '../../shared/dkimKeys.ts';
import { type EvidenceItem, type SenderQuestion, zoneLine } from '../../shared/evidence.ts';
import type { DkimSettings, Settings } from '../../shared/settings.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import { stateDirectory } from '../engineLink/engineConnector.ts';
import { Cancelled, notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { askAboutSender, stopOf } from '../sending/senderEvidence.ts';
import { requireTrust } from '../sending/target.ts';
import { requireSettings } from '../settings.ts';
import { say } from '../text.ts';

const LOOK_EVERY_MS = 5_000;

/**
 * Creates a key for a From domain where there is none, writes `envoi.dkim`, shows the record for DNS and checks until it is
 * there. Called again it creates nothing, and only shows and checks.
 */
export async function setUpDkim(services: HostServices): Promise<void> {
  requireTrust();
  const settings = requireSettings(undefined, services.context);
  const domain = await askDomain(settings);
  const entry = settings.dkim[domain] ?? (await keepNewKey(domain));
  const question = questionFor(domain, { ...settings, dkim: { ...settings.dkim, [domain]: entry } });
  const first = await lateProgress(vscode.l10n.t('Looking for the key in DNS'), (token) =>
    lookOnce(services, question, stopOf(token)),
  );
  if (isThere(first)) return tell(first);
  if (!first.paste) {
    void vscode.window.showWarningMessage(say(first.text));
    return;
  }
  await offerToCopy(first.paste);
  const found = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Looking for {0} in DNS', first.paste.name),
      cancellable: true,
    },
    (_, token) => lookUntilThere(services, question, stopOf(token)),
  );
  tell(found);
}

async function askDomain(settings: Settings): Promise<string> {
  const from = parseMailbox(settings.from);
  const written = await vscode.window.showInputBox({
    title: vscode.l10n.t('Set Up DKIM'),
    prompt: vscode.l10n.t('The domain of your From address. A key is created to sign your mail for this domain.'),
    value: from.ok ? domainOf(from.address) : '',
    placeHolder: 'example.org',
    ignoreFocusOut: true,
    validateInput: (value) => (parseDomain(value) ? undefined : vscode.l10n.t('Enter a domain such as example.org.')),
  });
  return parseDomain(notCancelled(written)) ?? '';
}

/** Into a folder of the person's own, and into their own settings. */
async function keepNewKey(domain: string): Promise<DkimSettings> {
  const { selector, file } = await makeDkimKey(domain, dkimFolder(stateDirectory()));
  const entry = { selector, privateKeyFile: file };
  const configuration = vscode.workspace.getConfiguration('envoi');
  const present = configuration.inspect<Record<string, unknown>>('dkim')?.globalValue;
  const all = { ...(present ? JSON.parse(JSON.stringify(present)) : {}), [domain]: entry };
  await configuration.update('dkim', all, vscode.ConfigurationTarget.Global);
  return entry;
}

/** The question about a sender who has nothing but this key. */
function questionFor(domain: string, settings: Settings): SenderQuestion {
  return {
    from: `postmaster@${domain}`,
    settings: { ...settings, route: ['direct'], domainRoutes: {} },
    recipients: 0,
    providers: {},
    domains: [],
    newsletter: true,
    only: ['dkimRecord'],
  };
}

async function lookOnce(
  services: HostServices,
  question: SenderQuestion,
  stopped: Promise<null>,
): Promise<EvidenceItem> {
  const [item] = (await askAboutSender(services, question, stopped)) ?? [];
  if (!item) throw new Cancelled();
  return item;
}

function isThere({ state }: EvidenceItem): boolean {
  return state === 'passed' || state === 'warned';
}

/** The record is not lost when the message is closed: it is in the clipboard then, and the command shows it again. */
async function offerToCopy(paste: NonNullable<EvidenceItem['paste']>): Promise<void> {
  const value = vscode.l10n.t('Copy Value');
  const line = vscode.l10n.t('Copy Zone Line');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Add this record to the DNS of your domain'),
    {
      modal: true,
      detail: [
        vscode.l10n.t('Name: {0}', paste.name),
        vscode.l10n.t('Type: {0}', paste.type),
        vscode.l10n.t('Value: {0}', paste.value),
        '',
        vscode.l10n.t('Envoi then waits until the record appears.'),
      ].join('\n'),
    },
    value,
    line,
  );
  if (chosen === undefined) throw new Cancelled();
  await vscode.env.clipboard.writeText(chosen === value ? paste.value : zoneLine(paste));
}

async function lookUntilThere(
  services: HostServices,
  question: SenderQuestion,
  stopped: Promise<null>,
): Promise<EvidenceItem> {
  for (;;) {
    const item = await lookOnce(services, question, stopped);
    if (isThere(item)) return item;
    const pause = new Promise<'again'>((resolve) => setTimeout(() => resolve('again'), LOOK_EVERY_MS));
    if ((await Promise.race([pause, stopped])) === null) throw new Cancelled();
  }
}

function tell(item: EvidenceItem): void {
  if (item.state === 'passed') void vscode.window.showInformationMessage(say(item.text));
  else void vscode.window.showWarningMessage(say(item.text));
}
