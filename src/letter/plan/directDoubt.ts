import type { DirectStanding } from '../../shared/directStanding.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { DIRECT, type Settings, transportNames } from '../../shared/settings.ts';
import { goesOnlyDirect } from './routeText.ts';

type Ways = Pick<Settings, 'route' | 'directAssumed' | 'domainRoutes' | 'servers'>;

/** Why a person should say yes first, where it would go directly and nobody has chosen it or found that it gets through; else null. */
export function unchosenDirect(settings: Ways, standing?: DirectStanding): Text | null {
  return settings.directAssumed ? directDoubt(settings, standing) : null;
}

/** Why a person should hesitate to send directly; null where nothing argues against it. */
export function directDoubt(settings: Ways, standing: DirectStanding = { state: 'unknown' }): Text | null {
  if (!transportNames(settings).includes(DIRECT)) return null;
  if (standing.state === 'failed')
    return msg('Direct delivery failed the last check from this computer: {0}', standing.why);
  return goesOnlyDirect(settings) && standing.state === 'unknown'
    ? msg('No server is set up: mail goes directly from this computer, and many providers reject such mail.')
    : null;
}
