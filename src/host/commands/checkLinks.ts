import * as vscode from 'vscode';
import type { LinkMemory } from '../../letter/links/checkLinks.ts';
import { plural } from '../../shared/words.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { requireTrust, targetDocument } from '../sending/target.ts';
import { say } from '../text.ts';

const MEMORY = 'envoi.linkStates';
const KEEP = 500;

/** Checks whether the pages behind the letter's links exist. Only on demand, and never with a reader's token. */
export async function checkLinks(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const document = await targetDocument(argument);
  const compose = await loadCompose();
  const parsed = compose.parseDocument(document.getText(), document.uri.toString());
  const links = compose.linksOf(parsed);
  const memory: LinkMemory = { ...services.context.globalState.get<LinkMemory>(MEMORY, {}) };
  const states = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Checking the links'), cancellable: true },
    async (_, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return compose.checkLinks(links, memory, { ask, now: Date.now }, stop.signal);
    },
  );
  const newest = Object.entries(memory).sort(([, a], [, b]) => b.at - a.at);
  await services.context.globalState.update(MEMORY, Object.fromEntries(newest.slice(0, KEEP)));
  const broken = compose.brokenLinks(parsed, states);
  services.webviews.showLinks(document.uri, broken);
  const left = new Set(links).size - states.size;
  const skipped = left > 0 ? ` ${say(plural('{0} link was not checked.', '{0} links were not checked.', left))}` : '';
  if (broken.length === 0) {
    const fine = say(plural('{0} link works.', '{0} links work.', states.size));
    void vscode.window.showInformationMessage(fine + skipped);
    return;
  }
  const show = vscode.l10n.t('Show Problems');
  const sentence = say(plural('{0} link is broken.', '{0} links are broken.', broken.length));
  if ((await vscode.window.showWarningMessage(sentence + skipped, show)) === show)
    await vscode.commands.executeCommand('workbench.actions.view.problems');
}

async function ask(url: string, method: 'HEAD' | 'GET', signal: AbortSignal): Promise<number> {
  const answer = await fetch(url, {
    method,
    signal,
    redirect: 'follow',
    headers: { 'user-agent': 'Envoi link check' },
  });
  await answer.body?.cancel();
  return answer.status;
}
