import * as vscode from 'vscode';
import { parseAddress, parseDomain } from '../../shared/address.ts';
import { notCancelled } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { requireTrust } from '../sending/target.ts';

export async function addSuppression(parts: Parts): Promise<void> {
  requireTrust();
  const written = notCancelled(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('Suppress'),
      prompt: vscode.l10n.t('An address, or a whole domain, that must get nothing from any campaign.'),
      placeHolder: 'grace@example.org',
      ignoreFocusOut: true,
      validateInput: (value) => (entryOf(value) ? undefined : vscode.l10n.t('Write an address or a domain.')),
    }),
  );
  const entry = notCancelled(entryOf(written) ?? undefined);
  const engine = await parts.engine.use();
  await engine.suppress({ entries: [{ entry, reason: 'blocked', note: '', at: Date.now() }] });
  parts.views.refreshSuppressions();
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} gets nothing any more.', entry), 8000);
}

/** A whole address, or a domain without "@"; null when it is neither. */
function entryOf(text: string): string | null {
  if (!text.includes('@')) return parseDomain(text);
  const parsed = parseAddress(text.startsWith('@') ? `x${text}` : text);
  if (!parsed.ok) return null;
  return text.startsWith('@') ? parsed.domain : parsed.address;
}
