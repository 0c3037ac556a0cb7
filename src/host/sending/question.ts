import { hostname } from 'node:os';
import * as vscode from 'vscode';
import type { BeforeLine } from '../../letter/plan/beforeYouSend.ts';
import type { Confirmation } from '../../letter/plan/confirmation.ts';
import type { EngineApi } from '../../protocol/engineApi.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { words } from '../text.ts';
import { beforeLines } from './beforeLines.ts';
import { editorNotes } from './confirmation.ts';
import type { Letter } from './letter.ts';
import { knownOfSender } from './senderEvidence.ts';
import { wasTested } from './tested.ts';

/** The confirmation before a letter is sent, and everything else on the page “Before You Send”. */
export interface Question {
  confirmation: Confirmation;
  /** What should make a person hesitate, for the modal. */
  hesitate: readonly Text[];
  lines: readonly BeforeLine[];
}

/** `startAt`: epoch ms, 0 = now. */
export async function questionFor(
  { services, engine }: { services: HostServices; engine: EngineApi },
  letter: Letter,
  { unsaved, startAt }: { unsaved: boolean; startAt: number },
): Promise<Question> {
  const { planOf, confirmationOf, listShares } = await loadCompose();
  const plan = await planOf(letter, letter.newsletter, {
    document: vscode.workspace.asRelativePath(letter.uri),
    list: (letter.list?.uris ?? []).map((uri) => vscode.workspace.asRelativePath(uri)).join(', '),
    foresight: await engine.foresee({ settings: letter.settings, list: listShares(letter.list?.profile), startAt }),
    host: hostname(),
    ...(letter.before ? { before: letter.before.campaigns } : {}),
    startAt,
  });
  const mine = editorNotes({
    warnings: letter.findings.filter((finding) => finding.severity === 'warning').length,
    unsaved,
    tested: wasTested(letter.document.text, services.context.globalState),
    dependsOnWindow: services.engine.life === 'window',
  });
  const lines = [...(await beforeLines(letter, services.campaigns)), ...(await senderLines(letter))];
  const warned = lines.flatMap(({ section, level, text }) =>
    (section === 'look' && level === 'warning') || (section === 'sender' && level === 'failed') ? [text] : [],
  );
  const notes = mine.map((text): BeforeLine => ({ section: 'look', level: 'warning', text }));
  return {
    confirmation: confirmationOf(plan, Date.now(), words),
    hesitate: [...warned, ...mine],
    lines: [...notes, ...lines],
  };
}

/** The network is not queried here: shows its last results, or that there are none. */
export async function senderLines(letter: Letter): Promise<BeforeLine[]> {
  const { evidenceLines, senderQuestion } = await loadCompose();
  const question = senderQuestion(letter);
  const known = question && knownOfSender(question);
  if (known) return evidenceLines(known);
  const text = msg('{0} has not been checked in DNS or with the providers.', letter.newsletter.from.address);
  return [{ section: 'sender', level: 'unasked', text }];
}
