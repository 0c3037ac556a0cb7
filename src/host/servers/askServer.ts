import * as vscode from 'vscode';
import { submissionOf } from '../../providers/lookup.ts';
import type { Security } from '../../shared/settings.ts';
import { BACK, inputStep, pickStep, runSteps } from '../asking/multiStep.ts';
import { parseHostPort, proposeName, type ServerAnswers, securityOfPort } from './serverEntry.ts';
import { knownServices, type Service } from './services.ts';
import { hintOf, serviceItem } from './serviceWords.ts';

export interface AskedServer {
  answers: ServerAnswers;
  /** "" when none is wanted. */
  password: string;
}

const TOTAL = 5;

/** Provider, host, security, user, password, name; one after another with a way back. */
export async function askServer(taken: readonly string[], before?: AskedServer): Promise<AskedServer> {
  const title = vscode.l10n.t('Add Server');
  const services = await knownServices();
  let service: Service | null | undefined = before ? before.answers.service : undefined;
  let host = before?.answers.host ?? '';
  let port = before?.answers.port ?? 587;
  let security: Security = before?.answers.security ?? 'starttls';
  let user = before?.answers.user ?? '';
  let auth: ServerAnswers['auth'] = before?.answers.auth ?? 'password';
  let password = before?.password ?? '';
  let name = before?.answers.name ?? '';
  const frame = (step: number) => ({ title, step, total: TOTAL });

  const chooseService = async () => {
    const chosen = await pickStep<Service | null>({
      ...frame(1),
      placeholder: vscode.l10n.t('Who sends your mail? Type to search'),
      ...(service === undefined ? {} : { active: service }),
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
    });
    if (chosen === BACK) return BACK;
    service = chosen;
    if (chosen) ({ host, port, security, auth } = chosen);
    if (chosen?.hint?.kind === 'fixedUser') user ||= chosen.hint.user;
    return undefined;
  };
  const askHost = async () => {
    if (service) return false;
    const written = await inputStep({
      ...frame(2),
      prompt: vscode.l10n.t('Host name of the server; a port may follow, as smtp.example.org:465.'),
      placeholder: 'smtp.example.org',
      value: host === '' ? '' : port === 587 ? host : `${host}:${port}`,
      check: (value) =>
        parseHostPort(value) ? undefined : vscode.l10n.t('Write a host name such as smtp.example.org.'),
    });
    if (written === BACK) return BACK;
    const parsed = parseHostPort(written);
    const known = submissionOf(parsed?.host ?? '');
    host = parsed?.host ?? '';
    port = parsed?.port ?? known?.port ?? 587;
    return undefined;
  };
  const chooseSecurity = async () => {
    if (service) return false;
    const chosen = await pickStep<Security>({
      ...frame(2),
      placeholder: vscode.l10n.t('How is the connection to {0} secured?', `${host}:${port}`),
      active: securityOfPort(port),
      items: [
        { label: 'STARTTLS', description: vscode.l10n.t('usual on port 587'), value: 'starttls' },
        { label: 'TLS', description: vscode.l10n.t('usual on port 465'), value: 'tls' },
        {
          label: vscode.l10n.t('None'),
          description: vscode.l10n.t('only within this computer; passwords would be readable'),
          value: 'none',
        },
      ],
    });
    if (chosen === BACK) return BACK;
    security = chosen;
    return undefined;
  };
  const askUser = async () => {
    const written = await inputStep({
      ...frame(3),
      prompt: hintOf(service) ?? vscode.l10n.t('User name for {0}; empty if it wants none.', host),
      placeholder: 'ada@example.org',
      value: user,
      check: (value) =>
        /[\r\n]/.test(value) || (service && value.trim() === '') ? vscode.l10n.t('Type the user name.') : undefined,
    });
    if (written === BACK) return BACK;
    user = written.trim();
    if (user === '') auth = 'none';
    else if (auth === 'none') auth = 'password';
    return undefined;
  };
  const askSecret = async () => {
    if (auth !== 'password') return false;
    const written = await inputStep({
      ...frame(4),
      prompt: vscode.l10n.t(
        'Password of {0}. It is kept in the keyring of this computer, never in the settings.',
        user,
      ),
      value: password,
      password: true,
      check: (value) => (value === '' ? vscode.l10n.t('Type the password, or press Escape.') : undefined),
    });
    if (written === BACK) return BACK;
    password = written;
    return undefined;
  };
  const askName = async () => {
    const written = await inputStep({
      ...frame(5),
      prompt: vscode.l10n.t('A short name for this server, for envoi.route.'),
      value: name || proposeName(service ?? null, host, taken),
      check: (value) => nameProblem(value, taken),
    });
    if (written === BACK) return BACK;
    name = written.trim();
    return undefined;
  };
  await runSteps([chooseService, askHost, chooseSecurity, askUser, askSecret, askName]);
  const answers = { name, host, port, security, user, auth, service: service ?? null };
  return { answers, password: auth === 'password' ? password : '' };
}

function nameProblem(value: string, taken: readonly string[]): string | undefined {
  const name = value.trim();
  if (!/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(name) || name === 'direct')
    return vscode.l10n.t('Letters, digits, spaces, dots and dashes; not “direct”.');
  return taken.includes(name) ? vscode.l10n.t('There is a server of this name already.') : undefined;
}
