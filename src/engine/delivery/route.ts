import { providerOfHost } from '../../providers/lookup.ts';
import type { Route, Settings } from '../../shared/settings.ts';

/**
 * The transports for a recipient domain, primary first. A key of `domainRoutes` is, from the strongest to the weakest:
 * the domain itself (`example.org`), a parent (`*.example.org`, any depth), the provider behind its MX (`google`,
 * `microsoft365`, as in the provider table), or the end of its MX hosts' names (`mx:example.net`). Of two parents or
 * two MX ends the longer one wins. Domains are A-labels in lower case; `mxHosts` is not changed, best first.
 */
export function routeFor(
  settings: Pick<Settings, 'route' | 'domainRoutes'>,
  domain: string,
  mxHosts: readonly string[] = [],
): Route {
  const routes = new Map(Object.entries(settings.domainRoutes).map(([key, route]) => [normal(key), route]));
  const own = routes.get(domain);
  if (own) return own;
  for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
    const parent = routes.get(`*${domain.slice(dot)}`);
    if (parent) return parent;
  }
  for (const host of mxHosts) {
    const provider = routes.get(providerOfHost(host)?.id.toLowerCase() ?? '');
    if (provider) return provider;
  }
  for (const host of mxHosts) {
    const name = `.${host}`;
    for (let dot = 0; dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const operator = routes.get(`mx:${name.slice(dot + 1)}`);
      if (operator) return operator;
    }
  }
  return settings.route;
}

/** Whether a route can depend on the MX hosts: only then are they worth looking up. */
export function routesNeedMx(settings: Pick<Settings, 'domainRoutes'>): boolean {
  return Object.keys(settings.domainRoutes).some((key) => isOperatorKey(normal(key)));
}

function isOperatorKey(key: string): boolean {
  return key.startsWith('mx:') || !key.includes('.');
}

function normal(key: string): string {
  return key
    .trim()
    .toLowerCase()
    .replace(/^mx:(?:\*?\.)?/, 'mx:')
    .replace(/^\.(?=.)/, '*.')
    .replace(/\.$/, '');
}
