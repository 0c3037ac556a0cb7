import type * as vscode from 'vscode';
import { endpointUrl } from '../../shared/endpointUrl.ts';
import type { EvidenceItem, SenderQuestion } from '../../shared/evidence.ts';
import type { HostServices } from '../hostServices.ts';

/** How long a result is reused. */
const HOLDS_MS = 15 * 60_000;

let last: { key: string; at: number; items: readonly EvidenceItem[] } | undefined;

/** Asks the network about a sender, and remembers the result for as long as it may be valid. */
export async function askAboutSender(
  services: HostServices,
  question: SenderQuestion,
  /** Resolves when the person no longer waits. */
  stopped: Promise<null>,
): Promise<readonly EvidenceItem[] | null> {
  const asked = await withSecret(services, question);
  const items = await Promise.race([services.engine.through((engine) => engine.askEvidence(asked)), stopped]);
  if (items && question.only.length === 0) last = { key: JSON.stringify(question), at: Date.now(), items };
  return items;
}

/** The endpoint's secret, where it is known: it is not asked for here. */
async function withSecret(services: HostServices, question: SenderQuestion): Promise<SenderQuestion> {
  if (!question.unsubscribe) return question;
  const secret = (await services.secrets.endpoint(endpointUrl(question.settings.unsubscribe))) ?? '';
  return { ...question, unsubscribe: { ...question.unsubscribe, secret } };
}

export function stopOf(token: vscode.CancellationToken): Promise<null> {
  return new Promise((resolve) => token.onCancellationRequested(() => resolve(null)));
}

/** The recent result for the same question; null when there is none. */
export function knownOfSender(question: SenderQuestion): readonly EvidenceItem[] | null {
  return last?.key === JSON.stringify(question) && Date.now() - last.at < HOLDS_MS ? last.items : null;
}
