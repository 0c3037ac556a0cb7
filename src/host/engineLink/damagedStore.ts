import * as vscode from 'vscode';
import { UserError } from '../../shared/errors.ts';
import { say } from '../text.ts';

export function isDamagedStore(error: unknown): error is UserError {
  return error instanceof UserError && (error.code === 'storeLacking' || error.code === 'storeBroken');
}

/** Nothing is sent over a store that lost something until a person has decided; undefined when nobody does. */
export async function askStoreDecision(error: UserError): Promise<'goOn' | 'setAside' | undefined> {
  const goOn = vscode.l10n.t('Use It as It Is');
  const setAside = vscode.l10n.t('Begin with an Empty One');
  const detail = vscode.l10n.t(
    'Used as it is, unfinished campaigns are paused; when you resume one, readers whose message is missing from the books get it twice. An empty one keeps the damaged one under another name, and takes over who must not be mailed where that can be read.',
  );
  const choices = error.code === 'storeLacking' ? [goOn, setAside] : [setAside];
  const chosen = await vscode.window.showWarningMessage(say(error.what), { modal: true, detail }, ...choices);
  if (chosen === goOn) return 'goOn';
  return chosen === setAside ? 'setAside' : undefined;
}
