import * as vscode from 'vscode';
import { suppressionFor } from '../../shared/returnedMail.ts';
import type { HostServices } from '../hostServices.ts';
import { mailOf } from '../mailboxes/mailOf.ts';
import { requireTrust } from '../sending/target.ts';

/** A person accepts an unproven message: the address it names is no longer mailed. */
export async function suppressReturned(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const mail = mailOf(argument);
  const suppression = mail && suppressionFor(mail);
  if (!mail || !suppression) return;
  const engine = await services.engine.use();
  await engine.suppress({ entries: [{ ...suppression, at: Date.now() }] });
  await engine.dismissReturned({ ids: [mail.id] });
  services.views.refreshSuppressions();
  const undo = vscode.l10n.t('Undo');
  const said = vscode.l10n.t('{0} will receive no more mail.', suppression.entry);
  void vscode.window.showInformationMessage(said, undo).then(async (chosen) => {
    if (chosen !== undo) return;
    await services.engine.through((again) => again.unsuppress({ entries: [suppression.entry] }));
    services.views.refreshSuppressions();
  });
}
