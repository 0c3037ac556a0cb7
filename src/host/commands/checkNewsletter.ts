import * as vscode from 'vscode';
import { readersBefore } from '../../letter/readersBefore.ts';
import type { RefusedRow } from '../../shared/recipient.ts';
import { plural } from '../../shared/words.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { gatherLetter, type Letter, listBatches } from '../sending/letter.ts';
import { targetDocument } from '../sending/target.ts';
import { say, words } from '../text.ts';

export async function checkNewsletter(services: HostServices, argument: unknown): Promise<void> {
  const document = await targetDocument(argument);
  const engine = vscode.workspace.isTrusted ? await services.engine.attach() : undefined;
  const letter = await lateProgress(vscode.l10n.t('Checking the newsletter'), async (token) => {
    const before = engine ? { before: (key: string) => readersBefore(engine, key) } : {};
    return gatherLetter(document, { context: services.context, needsList: true, ...before, token });
  });
  services.problems.show(letter.findings);
  const good = letter.list?.profile.count ?? 0;
  const warnings = letter.findings.filter((finding) => finding.severity === 'warning').length;
  const { countLeftForGood } = await loadCompose();
  const left = countLeftForGood(letter.list?.profile.refused ?? {});
  const sentence =
    warnings === 0
      ? plural('Ready to send: {0} recipient, nothing to fix.', 'Ready to send: {0} recipients, nothing to fix.', good)
      : plural(
          'The newsletter can be sent to {0} recipient. Warnings: {1}.',
          'The newsletter can be sent to {0} recipients. Warnings: {1}.',
          good,
          warnings,
        );
  const show = vscode.l10n.t('Show Problems');
  const suppress = say(plural('Suppress {0} Person Who Left', 'Suppress {0} People Who Left', left));
  const buttons = [...(warnings > 0 ? [show] : []), ...(left > 0 && engine ? [suppress] : [])];
  const chosen = await vscode.window.showInformationMessage(say(sentence), ...buttons);
  if (chosen === show) await vscode.commands.executeCommand('workbench.actions.view.problems');
  if (chosen === suppress) await suppressLeft(services, letter);
}

/** Everyone gone according to the columns of the letter's lists is left out of every list from now on. */
async function suppressLeft(services: HostServices, { list }: Letter): Promise<void> {
  if (!list) return;
  const { leftForGood, listName } = await loadCompose();
  const engine = await services.engine.use();
  let count = 0;
  for await (const { refused } of listBatches(list)) {
    const note = (row: RefusedRow) => listName(list.lists[row.list ?? 0]?.file ?? '');
    const entries = leftForGood(refused, note, Date.now());
    if (entries.length > 0) await engine.suppress({ entries });
    count += entries.length;
  }
  services.views.refreshSuppressions();
  void vscode.window.showInformationMessage(vscode.l10n.t('Suppressed addresses: {0}.', words.number(count)));
}
