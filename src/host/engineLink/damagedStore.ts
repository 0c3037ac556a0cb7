import * as vscode from 'vscode';
import { UserError } from '../../shared/errors.ts';
import { say } from '../text.ts';

export function isDamagedStore(error: unknown): error is UserError {
  return error instanceof UserError && (error.code === 'storeLacking' || error.code === 'storeBroken');
}

/** Nothing is sent with a damaged store until a person has decided; undefined when nobody does. */
export async function askStoreDecision(error: UserError): Promise<'goOn' | 'setAside' | undefined> {
  const goOn = vscode.l10n.t('Use It As Is');
  const setAside = vscode.l10n.t('Start with an Empty One');
  const detail = vscode.l10n.t(
    'If you use it as it is, unfinished campaigns are paused. When you resume one, readers whose message is missing from its records get it twice. If you start with an empty one, the damaged one is kept under another name, and suppressions are carried over where they can be read.',
  );
  const choices = error.code === 'storeLacking' ? [goOn, setAside] : [setAside];
  const chosen = await vscode.window.showWarningMessage(say(error.what), { modal: true, detail }, ...choices);
  if (chosen === goOn) return 'goOn';
  return chosen === setAside ? 'setAside' : undefined;
}
