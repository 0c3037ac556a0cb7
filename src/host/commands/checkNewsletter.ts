import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { gatherLetter } from '../sending/letter.ts';
import { suppressedBy } from '../sending/suppressionSet.ts';
import { targetDocument } from '../sending/target.ts';

export async function checkNewsletter(parts: Parts, argument: unknown): Promise<void> {
  const document = await targetDocument(argument);
  const engine = vscode.workspace.isTrusted ? await parts.engine.attach() : undefined;
  const letter = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Checking the newsletter') },
    async () =>
      gatherLetter(document, {
        context: parts.context,
        needsList: true,
        ...(engine ? { isSuppressed: await suppressedBy(engine) } : {}),
      }),
  );
  parts.problems.show(letter.findings);
  const good = (letter.summary?.good ?? 0).toLocaleString();
  const warnings = letter.findings.filter((finding) => finding.severity === 'warning').length;
  if (warnings === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Ready to send: {0} recipients, nothing to mend.', good));
    return;
  }
  const show = vscode.l10n.t('Show Problems');
  const sentence = vscode.l10n.t('It can be sent to {0} recipients. Warnings: {1}.', good, warnings);
  if ((await vscode.window.showInformationMessage(sentence, show)) === show)
    await vscode.commands.executeCommand('workbench.actions.view.problems');
}
