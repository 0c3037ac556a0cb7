import * as vscode from 'vscode';
import type { Settings } from '../../shared/settings.ts';
import { plural } from '../../shared/words.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import type { HostServices } from '../hostServices.ts';
import { gatherLetter } from '../sending/letter.ts';
import { submit } from '../sending/submit.ts';
import { requireTrust, targetDocument } from '../sending/target.ts';
import { say } from '../text.ts';

/** What a first letter lacks before anything is set up; nobody but the person sees it. */
const SAMPLE = {
  from: 'Your Name <you@example.org>',
  postalAddress: 'Your postal address',
  mailto: 'leave@example.org',
};

/**
 * Sends the letter to its list through the engine, as for real, but into Envoi's own mailbox: it is a test, nobody
 * receives anything, and no account is needed.
 */
export async function tryHere(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const document = await targetDocument(argument);
  const letter = await lateProgress(vscode.l10n.t('Checking the newsletter'), async (token) =>
    gatherLetter(document, { context: services.context, needsList: true, adjust: withSamples, token }),
  );
  services.problems.show(letter.findings);
  const settings = await services.mailbox.only(letter.settings);
  const snapshot = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Trying it here: nothing leaves this computer'),
      cancellable: true,
    },
    async (_, token) => {
      const started = await services.engine.through((current) =>
        submit(current, { letter: { ...letter, settings }, kind: 'test', startAt: 0, secrets: {}, token }),
      );
      services.campaigns.put(started);
      return services.campaigns.settled(started.id, token);
    },
  );
  const { sent } = snapshot.counts;
  if (sent > 0) await services.webviews.showMailbox();
  const report = vscode.l10n.t('Show Report');
  const chosen = await vscode.window.showInformationMessage(
    say(
      plural(
        '{0} message was caught on this computer. Nothing was sent.',
        '{0} messages were caught on this computer. Nothing was sent.',
        sent,
      ),
    ),
    report,
  );
  if (chosen === report) await vscode.commands.executeCommand('envoi.showReport', snapshot.id);
}

function withSamples(settings: Settings): Settings {
  const { unsubscribe } = settings;
  return {
    ...settings,
    from: settings.from || SAMPLE.from,
    postalAddress: settings.postalAddress || SAMPLE.postalAddress,
    unsubscribe: unsubscribe.mailto || unsubscribe.url ? unsubscribe : { ...unsubscribe, mailto: SAMPLE.mailto },
  };
}
