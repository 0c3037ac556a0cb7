import * as vscode from 'vscode';
import { Cancelled, notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { requireTrust } from '../sending/target.ts';

/** Called from the view on an entry, or by name from the palette. */
export async function removeSuppression(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const entry = entryOf(argument) ?? notCancelled(await pick(services));
  const remove = vscode.l10n.t('Remove');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Mail {0} again?', entry),
    { modal: true, detail: vscode.l10n.t('Remove people who unsubscribed or complained only if they asked you to.') },
    remove,
  );
  if (chosen !== remove) throw new Cancelled();
  const engine = await services.engine.use();
  await engine.unsuppress({ entries: [entry] });
  services.views.refreshSuppressions();
}

function entryOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  return 'suppression' in argument && typeof argument.suppression === 'string' ? argument.suppression : undefined;
}

async function pick(services: HostServices): Promise<string | undefined> {
  const engine = await services.engine.use();
  const entries = await engine.suppressions({ after: '', limit: 1000 });
  const items = entries.map((item) => ({ label: item.entry, description: item.note }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Remove a suppression') });
  return chosen?.label;
}
