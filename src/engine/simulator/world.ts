import { providerOfDomain, providerOfHost } from '../../providers/lookup.ts';
import type { Behaviour, Scenario } from '../../shared/foresight.ts';
import { DIRECT } from '../../shared/settings.ts';

/** The first mail host of a domain, as far as it is known without a lookup. */
export function mailHostOf(domain: string): string {
  const ending = providerOfDomain(domain)?.hosts[0];
  if (ending === undefined) return `mx.${domain}`;
  return ending.startsWith('.') ? `mx${ending}` : ending;
}

/** How a transport behaves towards a host; the most specific entry wins. */
export function behaviourOf(scenario: Scenario, transport: string, host: string): Behaviour {
  const { behaviours } = scenario;
  const provider = transport === DIRECT ? providerOfHost(host)?.id : undefined;
  const names = transport === DIRECT ? [DIRECT, ...(provider ? [`${DIRECT} ${provider}`] : [])] : ['*', transport];
  return Object.assign({}, ...names.map((name) => behaviours[name] ?? {})) as Behaviour;
}
