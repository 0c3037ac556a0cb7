import * as vscode from 'vscode';
import { submissionOf } from '../../providers/lookup.ts';
import { CATCHER } from '../../shared/catcher.ts';
import type { Security } from '../../shared/settings.ts';
import { inputStep, pickStep, type Step } from '../asking/multiStep.ts';
import { askSecret } from './secretStep.ts';
import type { ServerDraft, StepName } from './serverDraft.ts';
import { hasNameForm, parseHostPort, proposeName, securityOfPort } from './serverEntry.ts';
import type { knownServices, OfferedService } from './services.ts';
import { hintOf, serviceItem } from './serviceWords.ts';

export interface ServerStepDeps {
  draft: ServerDraft;
  services: Awaited<ReturnType<typeof knownServices>>;
  taken: readonly string[];
  /** What becomes of the password on this computer. */
  promise: string;
}

/** The steps in their order; which of them are asked depends on what was answered. */
export function serverSteps(deps: ServerStepDeps): Step<StepName>[] {
  const { draft } = deps;
  const own = () => !draft.service;
  const always = () => true;
  return [
    { name: 'service', isAsked: always, ask: (frame) => chooseService(deps, frame) },
    { name: 'host', isAsked: own, ask: (frame) => askHost(deps, frame) },
    { name: 'security', isAsked: own, ask: (frame) => chooseSecurity(deps, frame) },
    {
      name: 'signIn',
      isAsked: () => draft.service?.hint?.kind === 'basicAuthEnds',
      ask: (frame) => chooseSignIn(deps, frame),
    },
    { name: 'user', isAsked: always, ask: (frame) => askUser(deps, frame) },
    {
      name: 'secret',
      isAsked: () => draft.auth === 'password',
      ask: (frame) => askSecret(deps, { ...frame, title: title() }),
    },
    { name: 'name', isAsked: always, ask: (frame) => askName(deps, frame) },
  ];
}

type Ask = Step<StepName>['ask'];
type Frame = Parameters<Ask>[0];
const title = () => vscode.l10n.t('Add Server');

async function chooseService({ draft, services }: ServerStepDeps, frame: Frame): ReturnType<Ask> {
  return pickStep<OfferedService | null>(
    {
      ...frame,
      title: title(),
      placeholder: vscode.l10n.t('Who sends your mail? Type to search'),
      ...(draft.service === undefined ? {} : { active: draft.service }),
      items: [
        {
          label: `$(edit) ${vscode.l10n.t('Another server…')}`,
          description: vscode.l10n.t('by host name'),
          value: null,
        },
        { label: vscode.l10n.t('with limits'), kind: vscode.QuickPickItemKind.Separator },
        ...services.presets.map((item) => serviceItem(item)),
        { label: vscode.l10n.t('others'), kind: vscode.QuickPickItemKind.Separator },
        ...services.others.map((item) => serviceItem(item)),
      ],
    },
    (chosen) => {
      const changed = chosen !== draft.service;
      draft.service = chosen;
      if (!chosen || !changed) return;
      const { host, port, security, auth } = chosen;
      Object.assign(draft, { host, port, security, auth });
      if (chosen.hint?.kind === 'fixedUser') draft.user ||= chosen.hint.user;
    },
  );
}

async function askHost({ draft }: ServerStepDeps, frame: Frame): ReturnType<Ask> {
  const { host, port } = draft;
  return inputStep(
    {
      ...frame,
      title: title(),
      prompt: vscode.l10n.t('Host name of the server, optionally with a port, such as smtp.example.org:465.'),
      placeholder: 'smtp.example.org',
      value: host === '' ? '' : port === 587 ? host : `${host}:${port}`,
      check: (value) =>
        parseHostPort(value) ? undefined : vscode.l10n.t('Enter a host name such as smtp.example.org.'),
    },
    (written) => {
      const parsed = parseHostPort(written);
      const known = submissionOf(parsed?.host ?? '');
      draft.host = parsed?.host ?? '';
      draft.port = parsed?.port ?? known?.port ?? 587;
    },
  );
}

async function chooseSecurity({ draft }: ServerStepDeps, frame: Frame): ReturnType<Ask> {
  const place = `${draft.host}:${draft.port}`;
  return pickStep<Security>(
    {
      ...frame,
      title: title(),
      placeholder: vscode.l10n.t('How is the connection to {0} secured?', place),
      // What was chosen for this very server stays chosen.
      active: draft.securedFor === place ? draft.security : securityOfPort(draft.port),
      items: [
        { label: 'STARTTLS', description: vscode.l10n.t('usually on port {0}', '587'), value: 'starttls' },
        { label: 'TLS', description: vscode.l10n.t('usually on port {0}', '465'), value: 'tls' },
        {
          label: vscode.l10n.t('None'),
          description: vscode.l10n.t('only on this computer; passwords would be readable'),
          value: 'none',
        },
      ],
    },
    (chosen) => {
      draft.security = chosen;
      draft.securedFor = place;
    },
  );
}

async function chooseSignIn({ draft }: ServerStepDeps, frame: Frame): ReturnType<Ask> {
  return pickStep<'oauth2' | 'password'>(
    {
      ...frame,
      title: title(),
      placeholder: vscode.l10n.t('How do you sign in to {0}?', draft.service?.label ?? ''),
      active: draft.auth === 'password' ? 'password' : 'oauth2',
      items: [
        {
          label: `$(account) ${vscode.l10n.t('With Your Microsoft Account')}`,
          description: vscode.l10n.t('no password is kept'),
          value: 'oauth2',
        },
        {
          label: `$(key) ${vscode.l10n.t('With a Password')}`,
          description: vscode.l10n.t('works until the end of December 2026'),
          detail: vscode.l10n.t('After that, an administrator must allow it (SMTP AUTH with basic authentication).'),
          value: 'password',
        },
      ],
    },
    (chosen) => {
      draft.auth = chosen;
    },
  );
}

async function askUser({ draft }: ServerStepDeps, frame: Frame): ReturnType<Ask> {
  const { service } = draft;
  return inputStep(
    {
      ...frame,
      title: title(),
      prompt:
        hintOf(service, draft.auth) ??
        vscode.l10n.t('User name for {0}. Leave it empty if none is needed.', draft.host),
      placeholder: 'ada@example.org',
      value: draft.user,
      check: (value) =>
        /[\r\n]/.test(value) || (service && value.trim() === '') ? vscode.l10n.t('Enter the user name.') : undefined,
    },
    (written) => {
      draft.user = written.trim();
      if (draft.user === '') draft.auth = 'none';
      else if (draft.auth === 'none') draft.auth = 'password';
    },
  );
}

async function askName({ draft, taken }: ServerStepDeps, frame: Frame): ReturnType<Ask> {
  return inputStep(
    {
      ...frame,
      title: title(),
      prompt: vscode.l10n.t('A short name for this server, used in envoi.route.'),
      value: draft.name || proposeName(draft.service ?? null, draft.host, taken),
      check: (value) => nameProblem(value, taken),
    },
    (written) => {
      draft.name = written.trim();
    },
  );
}

function nameProblem(value: string, taken: readonly string[]): string | undefined {
  const name = value.trim();
  if (!hasNameForm(name) || name === 'direct' || name === CATCHER)
    return vscode.l10n.t('Use only letters, digits, spaces, dots and hyphens, and not “direct”.');
  return taken.includes(name) ? vscode.l10n.t('A server with this name already exists.') : undefined;
}
