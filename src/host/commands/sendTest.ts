import * as vscode from 'vscode';
import type { Recipient } from '../../shared/recipient.ts';
import type { HostServices } from '../hostServices.ts';
import { askTestAddresses } from '../sending/askTestAddresses.ts';
import { gatherLetter } from '../sending/letter.ts';
import { pickRow } from '../sending/pickRow.ts';
import { submit } from '../sending/submit.ts';
import { requireTrust, targetDocument } from '../sending/target.ts';
import { rememberTested } from '../sending/tested.ts';
import { showTestResult } from '../sending/testResult.ts';

/**
 * One message to yourself with the fields of a real row. The subject begins with "[Test]", so that nobody takes it for
 * the letter itself; everything else is as the recipient of that row would get it.
 */
export async function sendTest(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const document = await targetDocument(argument);
  const letter = await gatherLetter(document, { context: services.context, needsList: false });
  services.problems.show(letter.findings);
  const row = await pickRow(letter.list);
  const addresses = await askTestAddresses(letter.settings.testRecipients, services.context.globalState);
  const rows: Recipient[] = addresses.map((address) => ({ line: row?.line ?? 1, address, fields: row?.fields ?? {} }));
  const secrets = await services.credentials.forRoutes(letter.settings);
  const snapshot = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Sending a test to {0}', addresses.join(', ')),
      cancellable: true,
    },
    async (_, token) => {
      const started = await services.engine.through((current) =>
        submit(current, {
          letter,
          kind: 'test',
          rows,
          subject: `[Test] ${letter.newsletter.subject}`,
          startAt: 0,
          secrets,
          token,
        }),
      );
      services.campaigns.put(started);
      return services.campaigns.settled(started.id, token);
    },
  );
  if (snapshot.counts.sent > 0) await rememberTested(letter.document.text, services.context.globalState);
  await showTestResult(services, await services.engine.use(), snapshot, addresses);
}
