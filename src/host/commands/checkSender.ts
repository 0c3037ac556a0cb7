import * as vscode from 'vscode';
import type { EvidenceItem } from '../../shared/evidence.ts';
import { Cancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { gatherLetter } from '../sending/letter.ts';
import { questionFor, senderLines } from '../sending/question.ts';
import { askAboutSender, stopOf } from '../sending/senderEvidence.ts';
import { requireTrust, targetDocument } from '../sending/target.ts';
import { words } from '../text.ts';

/** Asks DNS and the providers about the letter's sender, and shows each result on the page “Before You Send”. No mail is sent. */
export async function checkSender(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const document = await targetDocument(argument);
  const { senderQuestion, evidenceFindings } = await loadCompose();
  const letter = await gatherLetter(document, { context: services.context, needsList: false });
  const question = senderQuestion(letter);
  if (!question) throw new Error('a letter without errors has a sender');
  const items = await vscode.window.withProgress<readonly EvidenceItem[] | null>(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Checking {0} on the network', question.from),
      cancellable: true,
    },
    (_, token) => askAboutSender(services, question, stopOf(token)),
  );
  if (!items) throw new Cancelled();
  services.problems.show([...letter.findings, ...evidenceFindings(items, letter.document)]);
  await showBefore(services, letter, document.isDirty);
}

async function showBefore(services: HostServices, letter: Awaited<ReturnType<typeof gatherLetter>>, unsaved: boolean) {
  const { beforeYouSend } = await loadCompose();
  const engine = await services.engine.use();
  const { confirmation, lines } = letter.list
    ? await questionFor({ services, engine }, letter, { unsaved, startAt: 0 })
    : { confirmation: { question: '', lines: [], notes: [], button: '' }, lines: await senderLines(letter) };
  services.webviews.showBefore(letter.uri, (linkTo, actions) =>
    beforeYouSend(confirmation, lines, words, linkTo, actions),
  );
}
