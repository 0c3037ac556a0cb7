import * as vscode from 'vscode';
import type { Suppression } from '../../protocol/engineApi.ts';
import { notCancelled } from '../errors.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { streamOf } from '../openLetter/list.ts';
import type { Parts } from '../parts.ts';
import { requireTrust } from '../sending/target.ts';
import { words } from '../text.ts';

type Reason = Suppression['reason'];

/** Takes every address of a CSV: what a provider or another tool exports as unsubscribed or bounced. */
export async function importSuppressions(parts: Parts): Promise<void> {
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
    await vscode.window.showQuickPick(reasons, { title: vscode.l10n.t('Why must they get no mail?') }),
  );
  const uri = notCancelled(file);
  const compose = await loadCompose();
  const engine = await parts.engine.use();
  let added = 0;
  let refused = 0;
  for await (const batch of compose.readRecipients(streamOf(uri), { file: uri.toString() })) {
    const at = Date.now();
    const entries = batch.rows.map(({ address }) => ({ entry: address, reason, note: '', at }));
    if (entries.length > 0) await engine.suppress({ entries });
    added += entries.length;
    refused += batch.refused.filter((row) => row.reason !== 'duplicate').length;
  }
  parts.views.refreshSuppressions();
  void vscode.window.showInformationMessage(
    refused === 0
      ? vscode.l10n.t('Suppressed addresses: {0}.', words.number(added))
      : vscode.l10n.t(
          'Suppressed addresses: {0}. Rows without a usable one: {1}.',
          words.number(added),
          words.number(refused),
        ),
  );
}
