import * as vscode from 'vscode';
import type { SubmissionLimits } from '../../providers/provider.ts';
import type { ServerAnswers } from './serverEntry.ts';
import type { OfferedService } from './services.ts';

/** What a provider allows and when that was last read on its pages; "" when it publishes nothing. */
export function publishedLimits(limits: SubmissionLimits | undefined): string {
  if (!limits) return '';
  const { maxConnections, rate, quota, date } = limits;
  const connections = maxConnections ? [vscode.l10n.t('{0} connections', maxConnections)] : [];
  const all = [rate, ...(quota ?? []), ...connections].filter((limit) => limit !== undefined).join(', ');
  return vscode.l10n.t('{0} (as published on {1})', all, date);
}

export function serviceItem(service: OfferedService) {
  const limits = publishedLimits(service.limits);
  return { label: service.label, description: service.host, ...(limits ? { detail: limits } : {}), value: service };
}

/** The page where the password for a provider's server is made, where it is not the usual one. */
export function passwordPage(service: OfferedService | null | undefined): string | undefined {
  return service?.hint?.kind === 'appPassword' ? service.hint.url : undefined;
}

export function hintOf(service: OfferedService | null | undefined, auth: ServerAnswers['auth']): string | undefined {
  const hint = service?.hint;
  const label = service?.label ?? '';
  switch (hint?.kind) {
    case undefined:
      return undefined;
    case 'appPassword':
      return vscode.l10n.t(
        'Your address at {0}. The password is an app password, created in your {1} account.',
        label,
        hint.account,
      );
    case 'oauthOnly':
      return vscode.l10n.t('Your address at {0}. You sign in with your Microsoft account; no password is kept.', label);
    case 'basicAuthEnds':
      return auth === 'password'
        ? vscode.l10n.t(
            'Your address at {0}. Passwords work there until the end of December 2026; after that, only where an administrator allows them.',
            label,
          )
        : vscode.l10n.t('Your address at {0}. You sign in with your Microsoft account; no password is kept.', label);
    case 'relayByAddress':
      return vscode.l10n.t(
        'Your address at {0}. An administrator must allow this computer’s address or your account.',
        label,
      );
    case 'smtpKey':
      return vscode.l10n.t(
        'The SMTP user name shown in “{1}” at {0}; the password is the key shown there.',
        label,
        hint.page,
      );
    case 'fixedUser':
      return vscode.l10n.t(
        'The user name at {0} is always “{1}”; the password is a key from “{2}”.',
        label,
        hint.user,
        hint.page,
      );
    default:
      return hint satisfies never;
  }
}
