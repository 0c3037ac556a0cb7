import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { Cancelled } from '../errors.ts';
import { lateProgress } from '../lateProgress.ts';
import type { Parts } from '../parts.ts';
import { say } from '../text.ts';
import { timeWords } from '../views/campaignWords.ts';
import { confirmationOf } from './confirmation.ts';
import { gatherLetter, type Letter } from './letter.ts';
import { submit } from './submit.ts';
import { suppressedBy } from './suppressionSet.ts';
import { wasTested } from './tested.ts';

export type When = { kind: 'now' } | { kind: 'later'; at: number };

/** Checks, asks once, hands over to the engine. From then on the status bar tells. */
export async function confirmAndSend(parts: Parts, document: vscode.TextDocument, when: When): Promise<void> {
  const engine = await parts.engine.use();
  const letter = await lateProgress(vscode.l10n.t('Checking the newsletter'), async (token) => {
    const isSuppressed = await suppressedBy(engine);
    return gatherLetter(document, { context: parts.context, needsList: true, isSuppressed, token });
  });
  parts.problems.show(letter.findings);
  const secrets = await parts.credentials.forRoutes(letter.settings);
  await confirm(parts, letter, document.isDirty, when);
  const snapshot = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Handing over to the engine') },
    (progress, token) =>
      submit(engine, {
        letter,
        kind: 'send',
        startAt: when.kind === 'later' ? when.at : 0,
        secrets,
        token,
        onProgress: (rows) =>
          progress.report({
            message: vscode.l10n.t('{0} of {1}', rows.toLocaleString(), (letter.summary?.good ?? 0).toLocaleString()),
          }),
      }),
  );
  parts.campaigns.put(snapshot);
  parts.log.info(`campaign ${snapshot.id}: ${snapshot.total} recipients, ${snapshot.state}`);
}

async function confirm(parts: Parts, letter: Letter, unsaved: boolean, when: When): Promise<void> {
  const { summary, newsletter } = letter;
  const reasons = summary?.byReason;
  const tested = wasTested(letter.text, parts.context.globalState);
  const { question, detail, button } = confirmationOf(
    {
      recipients: summary?.good ?? 0,
      from: newsletter.from.name ? `${newsletter.from.name} <${newsletter.from.address}>` : newsletter.from.address,
      subject: newsletter.subject,
      settings: letter.settings,
      refused: {
        invalid: (reasons?.invalidAddress ?? 0) + (reasons?.noAddress ?? 0) + (reasons?.malformedRow ?? 0),
        duplicate: reasons?.duplicate ?? 0,
        suppressed: summary?.suppressed ?? 0,
      },
      host: hostname(),
      startAt: when.kind === 'later' ? when.at : 0,
      startText: when.kind === 'later' ? timeWords(when.at, Date.now()) : '',
      warnings: letter.findings.filter((finding) => finding.severity === 'warning').length,
      unsaved,
      tested,
      dependsOnWindow: parts.engine.life === 'window',
    },
    say,
    (value) => value.toLocaleString(),
  );
  // The first button is the one that Enter presses: never the one that cannot be undone.
  const harmless = tested ? vscode.l10n.t('Preview') : vscode.l10n.t('Send Test First…');
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, harmless, button);
  if (chosen === harmless) {
    await vscode.commands.executeCommand(tested ? 'envoi.previewNewsletter' : 'envoi.sendTest', letter.uri);
  }
  if (chosen !== button) throw new Cancelled();
}
