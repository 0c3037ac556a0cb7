import * as vscode from 'vscode';
import type { UserErrorCode } from '../../shared/errorCodes.ts';
import { UserError } from '../../shared/errors.ts';
import { plural } from '../../shared/words.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import { runSteps } from '../asking/multiStep.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { freshDraft, type MailboxDraft, mailboxEntryOf } from '../mailboxes/mailboxEntry.ts';
import { type MailboxStep, mailboxSteps } from '../mailboxes/mailboxSteps.ts';
import { readMailboxEntry } from '../mailboxes/readMailboxEntry.ts';
import { requireTrust } from '../sending/target.ts';
import { writeEntry } from '../servers/writeEntry.ts';
import { readConfiguration } from '../settings.ts';
import { say } from '../text.ts';

type Decision = 'save' | 'change' | 'again';

/** Asks, signs in, shows the result, and saves only then. Nothing in the mailbox is changed, now or later. */
export async function addMailbox(services: HostServices): Promise<void> {
  requireTrust();
  const taken = Object.keys(readConfiguration(undefined, services.context).settings.mailboxes);
  await services.secrets.lost();
  const draft = freshDraft();
  const steps = mailboxSteps({ draft, taken, promise: services.secrets.promise() });
  let start: MailboxStep | undefined;
  for (;;) {
    await runSteps(steps, start);
    const { decision, failed } = await tryUntilDecided(services, draft);
    if (decision === 'save') break;
    start = stepToMend(failed);
  }
  const entry = mailboxEntryOf(draft);
  const mailbox = readMailboxEntry(draft.name, entry);
  if (draft.auth === 'password' && draft.password) await services.secrets.keep(mailbox, draft.password);
  await writeEntry('mailboxes', draft.name, entry, services.context);
  await services.returns.handOver();
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Envoi now reads {0} and acts on what comes back.', draft.name),
    10_000,
  );
}

/** The step to return to after a failed test: what was most likely wrong. */
function stepToMend(failed: UserErrorCode | undefined): MailboxStep {
  if (failed === 'mailboxSignIn') return 'secret';
  return failed === undefined ? 'service' : 'host';
}

async function tryUntilDecided(
  services: HostServices,
  draft: MailboxDraft,
): Promise<{ decision: Decision; failed: UserErrorCode | undefined }> {
  for (;;) {
    const result = await tryOnce(services, draft);
    const decision = await decide(draft, result);
    if (decision !== 'again') return { decision, failed: result instanceof UserError ? result.code : undefined };
  }
}

/** How many messages it contains, or why it cannot be opened. */
async function tryOnce(services: HostServices, draft: MailboxDraft): Promise<number | UserError> {
  const mailbox = readMailboxEntry(draft.name, mailboxEntryOf(draft));
  const place = `${mailbox.host}:${mailbox.port}`;
  try {
    return await lateProgress(vscode.l10n.t('Testing {0}', place), async () => {
      const secret = draft.password || ((await services.credentials.forMailbox(draft.name, mailbox, false)) ?? '');
      const engine = await services.engine.use();
      return (await engine.tryMailbox({ mailbox, secret })).messages;
    });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function decide(
  { name, user }: Pick<MailboxDraft, 'name' | 'user'>,
  result: number | UserError,
): Promise<Decision> {
  const ok = typeof result === 'number';
  const save = {
    label: `$(save) ${ok ? vscode.l10n.t('Save') : vscode.l10n.t('Save Anyway')}`,
    decision: 'save' as const,
  };
  const change = { label: `$(edit) ${vscode.l10n.t('Change…')}`, decision: 'change' as const };
  const again = { label: `$(refresh) ${vscode.l10n.t('Try Again')}`, decision: 'again' as const };
  const line = { label: '', kind: vscode.QuickPickItemKind.Separator, decision: undefined };
  const found = ok
    ? [
        {
          label: `$(pass) ${vscode.l10n.t('Signed in as {0}', user)}`,
          detail: say(plural('The inbox contains {0} message.', 'The inbox contains {0} messages.', result)),
          decision: undefined,
        },
        {
          label: `$(eye) ${vscode.l10n.t('Read only')}`,
          detail: vscode.l10n.t('Nothing is marked as read, moved or deleted.'),
          decision: undefined,
        },
      ]
    : [{ label: `$(error) ${say(result.what)}`, detail: say(result.remedy), decision: undefined }];
  const chosen = notCancelled(
    await vscode.window.showQuickPick<vscode.QuickPickItem & { decision: Decision | undefined }>(
      [...(ok ? [save, change] : [change, again, save]), line, ...found],
      {
        title: ok
          ? vscode.l10n.t('{0} can be read.', name)
          : vscode.l10n.t('{0} cannot be read yet. Nothing in it was changed.', name),
        placeHolder: vscode.l10n.t('Steps of the test, with the server’s replies'),
        ignoreFocusOut: true,
      },
    ),
  );
  return chosen.decision ?? decide({ name, user }, result);
}
