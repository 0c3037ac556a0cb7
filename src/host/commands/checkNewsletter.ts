import * as vscode from 'vscode';
import { readersBefore } from '../../letter/readersBefore.ts';
import { plural } from '../../shared/words.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import type { Parts } from '../parts.ts';
import { gatherLetter } from '../sending/letter.ts';
import { targetDocument } from '../sending/target.ts';
import { say } from '../text.ts';

export async function checkNewsletter(parts: Parts, argument: unknown): Promise<void> {
  const document = await targetDocument(argument);
  const engine = vscode.workspace.isTrusted ? await parts.engine.attach() : undefined;
  const letter = await lateProgress(vscode.l10n.t('Checking the newsletter'), async (token) => {
    const before = engine ? { before: (key: string) => readersBefore(engine, key) } : {};
    return gatherLetter(document, { context: parts.context, needsList: true, ...before, token });
  });
  parts.problems.show(letter.findings);
  const good = letter.list?.profile.count ?? 0;
  const warnings = letter.findings.filter((finding) => finding.severity === 'warning').length;
  if (warnings === 0) {
    void vscode.window.showInformationMessage(
      say(
        plural(
          'Ready to send: {0} recipient, nothing to mend.',
          'Ready to send: {0} recipients, nothing to mend.',
          good,
        ),
      ),
    );
    return;
  }
  const show = vscode.l10n.t('Show Problems');
  const sentence = say(
    plural(
      'It can be sent to {0} recipient. Warnings: {1}.',
      'It can be sent to {0} recipients. Warnings: {1}.',
      good,
      warnings,
    ),
  );
  if ((await vscode.window.showInformationMessage(sentence, show)) === show)
    await vscode.commands.executeCommand('workbench.actions.view.problems');
}
