import { msg, UserError } from '../../shared/errors.ts';
import { DIRECT, type Settings } from '../../shared/settings.ts';
import type { Transport } from '../../shared/transport.ts';
import type { DeliveryDeps } from './deps.ts';
import { DirectTransport } from './direct.ts';
import { RelayTransport, type Secret } from './relay.ts';
import { directTimeouts, relayTimeouts } from './timeouts.ts';

export { allowingNetworks } from './addresses.ts';
export { type DeliveryDeps, type SystemOptions, systemDeps } from './deps.ts';
export { DirectTransport } from './direct.ts';
export { parseDnsServer } from './dnsClient.ts';
export { helloName } from './extensions.ts';
export { greetMailServer } from './greetMailServer.ts';
export type { Secret } from './relay.ts';
export { routeFor, routesNeedMx } from './route.ts';
export { testDirect } from './testDirect.ts';
export { type ServerStep, type ServerTest, testServer } from './testServer.ts';
export type { Timeouts } from './timeouts.ts';

/**
 * The transport a route names: "direct", or a server of the settings. `secret` is the server's password or token, or a
 * function that gives the present one; direct needs none. Throws a UserError for a name that is neither.
 */
export function createTransport(
  name: string,
  settings: Pick<Settings, 'servers' | 'direct'>,
  secret: Secret,
  deps: DeliveryDeps,
): Transport {
  if (name === DIRECT) {
    return new DirectTransport(settings.direct, { ...deps, timeouts: deps.timeouts ?? directTimeouts });
  }
  const server = settings.servers[name];
  if (!server) throw unknownServer(name);
  const { connect, lookup, timeouts = relayTimeouts, kept, chunking } = deps;
  return new RelayTransport(name, server, settings.direct.hello, secret, { connect, lookup, timeouts, kept, chunking });
}

export function unknownServer(name: string): UserError {
  return new UserError(
    'unknownServer',
    msg('The route names the server “{0}”, which is not in envoi.servers.', name),
    msg('Add it to envoi.servers, or correct the name in envoi.route or envoi.domainRoutes.'),
    { file: 'settings.json', key: 'envoi.route' },
  );
}
