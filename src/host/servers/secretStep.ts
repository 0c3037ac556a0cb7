import * as vscode from 'vscode';
import { inputStep, type Step, type StepFrame } from '../asking/multiStep.ts';
import { passwordPage } from './serviceWords.ts';

interface SecretStepDeps {
  draft: { service?: Parameters<typeof passwordPage>[0]; user: string; password: string };
  /** How the password is stored on this computer. */
  promise: string;
}

/** The password of a server or a mailbox; where the service wants one made for a program, the page where it is made. */
export async function askSecret({ draft, promise }: SecretStepDeps, frame: StepFrame): ReturnType<Step<string>['ask']> {
  const page = passwordPage(draft.service);
  const words = page
    ? vscode.l10n.t(
        'App password for {0}, not your usual one. The arrow above opens the page where you create it.',
        draft.user,
      )
    : vscode.l10n.t('Password for {0}.', draft.user);
  return inputStep(
    {
      ...frame,
      prompt: `${words} ${promise}`,
      value: draft.password,
      password: true,
      check: (value) => (value === '' ? vscode.l10n.t('Enter the password, or press Escape.') : undefined),
      ...(page
        ? { link: { label: vscode.l10n.t('Create an App Password ({0})', new URL(page).host), url: page } }
        : {}),
    },
    (written) => {
      draft.password = written;
    },
  );
}
