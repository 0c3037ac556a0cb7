import * as vscode from 'vscode';
import type { Suppression } from '../../protocol/engineApi.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { streamOf } from '../openLetter/list.ts';
import { requireTrust } from '../sending/target.ts';
import { words } from '../text.ts';

type Reason = Suppression['reason'];

const PAGE = 10_000;

/** Imports those in a CSV who are gone according to its own columns, else everybody on it. */
export async function importSuppressions(services: HostServices): Promise<void> {
  requireTrust();
  const [file] = notCancelled(
    await vscode.window.showOpenDialog({
      filters: { [vscode.l10n.t('Lists')]: ['csv', 'tsv', 'txt'] },
      openLabel: vscode.l10n.t('Import'),
    }),
  );
  const reasons: (vscode.QuickPickItem & { reason: Reason })[] = [
    { label: vscode.l10n.t('They unsubscribed'), reason: 'unsubscribed' },
    { label: vscode.l10n.t('Their mailbox does not exist'), reason: 'bounced' },
    { label: vscode.l10n.t('They complained'), reason: 'complained' },
    { label: vscode.l10n.t('Another reason'), reason: 'blocked' },
  ];
  const { reason } = notCancelled(
    await vscode.window.showQuickPick(reasons, { title: vscode.l10n.t('Why are these addresses suppressed?') }),
  );
  const uri = notCancelled(file);
  const compose = await loadCompose();
  const engine = await services.engine.use();
  let added = 0;
  let unusable = 0;
  const onUnusable = (rows: number) => {
    unusable += rows;
  };
  const options = { file: uri.toString(), reason, now: Date.now(), onUnusable };
  for await (const entries of compose.readSuppressions(streamOf(uri), options)) {
    for (let at = 0; at < entries.length; at += PAGE) await engine.suppress({ entries: entries.slice(at, at + PAGE) });
    added += entries.length;
  }
  services.views.refreshSuppressions();
  const done =
    unusable > 0
      ? vscode.l10n.t(
          'Suppressed addresses: {0}. Rows without a usable address: {1}.',
          words.number(added),
          words.number(unusable),
        )
      : vscode.l10n.t('Suppressed addresses: {0}.', words.number(added));
  void vscode.window.showInformationMessage(done);
}
