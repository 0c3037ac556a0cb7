import * as vscode from 'vscode';
import { parseMailbox } from '../../shared/address.ts';
import { notCancelled } from '../errors.ts';

const REMEMBERED = 'envoi.testAddress';

/** Those of the setting; without it the address is asked for once and proposed the next time. */
export async function askTestAddresses(configured: readonly string[], memento: vscode.Memento): Promise<string[]> {
  const written =
    configured.length > 0
      ? configured.join(', ')
      : notCancelled(
          await vscode.window.showInputBox({
            title: vscode.l10n.t('Send test'),
            prompt: vscode.l10n.t(
              'Your own address. Separate several with commas. To save them permanently, set envoi.testRecipients.',
            ),
            value: memento.get(REMEMBERED, ''),
            placeHolder: 'ada@example.org',
            ignoreFocusOut: true,
            validateInput: (value) =>
              addressesOf(value) ? undefined : vscode.l10n.t('Enter an address such as ada@example.org.'),
          }),
        );
  if (configured.length === 0) await memento.update(REMEMBERED, written);
  return notCancelled(addressesOf(written) ?? undefined);
}

/** Null when one of them is none. */
function addressesOf(text: string): string[] | null {
  const parts = text.split(/[,;]/).filter((part) => part.trim() !== '');
  const parsed = parts.map((part) => parseMailbox(part));
  const addresses = parsed.flatMap((item) => (item.ok ? [item.address] : []));
  return addresses.length > 0 && addresses.length === parts.length ? addresses : null;
}
