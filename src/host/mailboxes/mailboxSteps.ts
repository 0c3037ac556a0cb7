import * as vscode from 'vscode';
import { submissions } from '../../providers/lookup.ts';
import type { Security } from '../../shared/settings.ts';
import { inputStep, pickStep, type Step } from '../asking/multiStep.ts';
import { askSecret } from '../servers/secretStep.ts';
import { hasNameForm, parseHostPort } from '../servers/serverEntry.ts';
import { hintOf } from '../servers/serviceWords.ts';
import {
  imapSettingsOf,
  type MailboxDraft,
  type MailService,
  proposeMailboxName,
  securityOfImapPort,
} from './mailboxEntry.ts';

export type MailboxStep = 'service' | 'host' | 'security' | 'user' | 'secret' | 'name';

export interface MailboxStepDeps {
  draft: MailboxDraft;
  taken: readonly string[];
  /** How the password is stored on this computer. */
  promise: string;
}

type Ask = Step<MailboxStep>['ask'];
type Frame = Parameters<Ask>[0];
const title = () => vscode.l10n.t('Add Mailbox');

/** The steps in order; which of them are asked depends on the answers. */
export function mailboxSteps(deps: MailboxStepDeps): Step<MailboxStep>[] {
  const { draft } = deps;
  const own = () => !draft.service;
  const always = () => true;
  return [
    { name: 'service', isAsked: always, ask: (frame) => chooseService(deps, frame) },
    { name: 'host', isAsked: own, ask: (frame) => askHost(deps, frame) },
    { name: 'security', isAsked: own, ask: (frame) => chooseSecurity(deps, frame) },
    { name: 'user', isAsked: always, ask: (frame) => askUser(deps, frame) },
    {
      name: 'secret',
      isAsked: () => draft.auth === 'password',
      ask: (frame) => askSecret(deps, { ...frame, title: title() }),
    },
    { name: 'name', isAsked: always, ask: (frame) => askName(deps, frame) },
  ];
}

async function chooseService({ draft }: MailboxStepDeps, frame: Frame): ReturnType<Ask> {
  const services = submissions.flatMap((item): MailService[] => (item.imap ? [{ ...item, imap: item.imap }] : []));
  const items = services.map((value) => ({ label: value.label, description: value.imap.host, value }));
  const active = items.find(({ value }) => value.id === draft.service?.id)?.value ?? draft.service;
  return pickStep<MailService | null>(
    {
      ...frame,
      title: title(),
      placeholder: vscode.l10n.t('Where do bounces and replies arrive? Type to search'),
      ...(active === undefined ? {} : { active }),
      items: [
        {
          label: `$(edit) ${vscode.l10n.t('Another server…')}`,
          description: vscode.l10n.t('by host name, IMAP'),
          value: null,
        },
        { label: vscode.l10n.t('providers'), kind: vscode.QuickPickItemKind.Separator },
        ...items,
      ],
    },
    (chosen) => {
      const changed = chosen?.id !== draft.service?.id || draft.service === undefined;
      draft.service = chosen;
      if (!changed) return;
      Object.assign(draft, chosen ? imapSettingsOf(chosen) : { auth: 'password' });
    },
  );
}

async function askHost({ draft }: MailboxStepDeps, frame: Frame): ReturnType<Ask> {
  const { host, port } = draft;
  return inputStep(
    {
      ...frame,
      title: title(),
      prompt: vscode.l10n.t('Host name of the IMAP server, optionally with a port, such as imap.example.org:993.'),
      placeholder: 'imap.example.org',
      value: host === '' ? '' : port === 993 ? host : `${host}:${port}`,
      check: (value) =>
        parseHostPort(value) ? undefined : vscode.l10n.t('Enter a host name such as imap.example.org.'),
    },
    (written) => {
      const parsed = parseHostPort(written);
      draft.host = parsed?.host ?? '';
      draft.port = parsed?.port ?? 993;
      draft.security = securityOfImapPort(draft.port);
    },
  );
}

async function chooseSecurity({ draft }: MailboxStepDeps, frame: Frame): ReturnType<Ask> {
  return pickStep<Security>(
    {
      ...frame,
      title: title(),
      placeholder: vscode.l10n.t('How is the connection to {0} secured?', `${draft.host}:${draft.port}`),
      active: draft.security,
      items: [
        { label: 'TLS', description: vscode.l10n.t('usually on port {0}', '993'), value: 'tls' },
        { label: 'STARTTLS', description: vscode.l10n.t('usually on port {0}', '143'), value: 'starttls' },
        {
          label: vscode.l10n.t('None'),
          description: vscode.l10n.t('only on this computer; passwords would be readable'),
          value: 'none',
        },
      ],
    },
    (chosen) => {
      draft.security = chosen;
    },
  );
}

async function askUser({ draft }: MailboxStepDeps, frame: Frame): ReturnType<Ask> {
  return inputStep(
    {
      ...frame,
      title: title(),
      prompt: hintOf(draft.service, draft.auth) ?? vscode.l10n.t('User name of the mailbox at {0}.', draft.host),
      placeholder: 'ada@example.org',
      value: draft.user,
      check: (value) =>
        /[\r\n]/.test(value) || value.trim() === '' ? vscode.l10n.t('Enter the user name.') : undefined,
    },
    (written) => {
      draft.user = written.trim();
    },
  );
}

async function askName({ draft, taken }: MailboxStepDeps, frame: Frame): ReturnType<Ask> {
  return inputStep(
    {
      ...frame,
      title: title(),
      prompt: vscode.l10n.t('A short name for this mailbox.'),
      value: draft.name || proposeMailboxName(taken),
      check: (value) => {
        const name = value.trim();
        if (!hasNameForm(name)) return vscode.l10n.t('Use only letters, digits, spaces, dots and hyphens.');
        return taken.includes(name) ? vscode.l10n.t('A mailbox with this name already exists.') : undefined;
      },
    },
    (written) => {
      draft.name = written.trim();
    },
  );
}
