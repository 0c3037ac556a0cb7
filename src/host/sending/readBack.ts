import * as vscode from 'vscode';
import { type ArrivalLine, arrivalLines } from '../../shared/arrivalWords.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Settings } from '../../shared/settings.ts';
import { Cancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { say } from '../text.ts';

/** How a test arrived in each of the author's own mailboxes: folder, delay, and what those servers found out. */
export async function readBack(services: HostServices, { mailboxes }: Settings, campaign: string): Promise<void> {
  const { lookForTest } = await loadCompose();
  const engine = await services.engine.use();
  const rows = await engine.report({ campaign, after: 0, limit: 1_000 });
  const opened: { name: string; mailbox: Settings['mailboxes'][string]; secret: string }[] = [];
  for (const [name, mailbox] of Object.entries(mailboxes)) {
    const secret = await services.credentials.forMailbox(name, mailbox, false);
    opened.push({ name, mailbox, secret: secret ?? '' });
  }
  const found = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Checking how the test arrived'),
      cancellable: true,
    },
    async (_, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort(new Cancelled()));
      return Promise.all(opened.map((each) => lookForTest(engine, each, rows, systemClock, stop.signal)));
    },
  );
  const items = opened.flatMap(({ name, mailbox }, at): vscode.QuickPickItem[] => {
    const arrivals = found[at] ?? [];
    const lines = (arrivals.length > 0 ? arrivals : [null]).flatMap((arrival) => arrivalLines(name, mailbox, arrival));
    return [{ label: name, kind: vscode.QuickPickItemKind.Separator }, ...lines.map(itemOf)];
  });
  await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('How the test arrived'),
    placeHolder: vscode.l10n.t('What your mailboxes and their servers report'),
    ignoreFocusOut: true,
  });
}

const icons = { passed: '$(pass)', warned: '$(warning)', failed: '$(error)', unasked: '$(question)' };

function itemOf({ state, text }: ArrivalLine): vscode.QuickPickItem {
  return { label: `${icons[state]} ${say(text)}` };
}
