import * as vscode from 'vscode';
import { notCancelled } from '../errors.ts';
import { words } from '../text.ts';
import { parseTime, suggestedTimes } from './sendTimes.ts';

/** Epoch ms in the future, as a person picks or writes it. */
export async function askTime(): Promise<number> {
  const now = Date.now();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const items = suggestedTimes(now).map((at) => ({ label: `$(clock) ${words.time(at, now)}`, at }));
  const other = { label: `$(edit) ${vscode.l10n.t('Another Date and Time…')}`, at: 0 };
  const chosen = notCancelled(
    await vscode.window.showQuickPick([...items, other], {
      title: vscode.l10n.t('Send later'),
      placeHolder: vscode.l10n.t('When? Times are in {0}; this computer must be on then', zone),
    }),
  );
  if (chosen !== other) return chosen.at;
  const written = notCancelled(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('Send later'),
      prompt: vscode.l10n.t(
        'Date and time in {0}, such as 2026-12-24 09:00. A time zone such as +02:00 may follow.',
        zone,
      ),
      value: localText(suggestedTimes(now).at(-1) ?? now),
      ignoreFocusOut: true,
      validateInput: (value) => {
        const at = parseTime(value);
        if (at === null) return vscode.l10n.t('Enter it as 2026-12-24 09:00.');
        return at <= Date.now() ? vscode.l10n.t('This time is in the past.') : undefined;
      },
    }),
  );
  return notCancelled(parseTime(written) ?? undefined);
}

function localText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
